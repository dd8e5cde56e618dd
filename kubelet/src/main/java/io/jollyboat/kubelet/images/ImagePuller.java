package io.jollyboat.kubelet.images;

import io.jollyboat.cri.v1.AuthConfig;
import io.jollyboat.cri.v1.Image;
import io.jollyboat.cri.v1.ImageSpec;
import io.jollyboat.cri.v1.PodSandboxConfig;
import io.jollyboat.kubelet.cri.ContainerRuntime;
import io.jollyboat.kubelet.cri.CriException;
import io.jollyboat.runtime.Runtime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/** Pulls images, so many at once, in the order in which they were asked for. Thread-safe; blocks the caller. */
final class ImagePuller {
    private final ContainerRuntime cri;
    private final PulledImages records;
    private final Runtime runtime;
    private final Semaphore slots;

    ImagePuller(ContainerRuntime cri, PulledImages records, Runtime runtime, int parallel) {
        this.cri = cri;
        this.records = records;
        this.runtime = runtime;
        this.slots = new Semaphore(parallel, true);
    }

    record Pulled(long nanos, long nanosWithWaiting, long size) {}

    /** No credential helped. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1;

        FailedException(String message) {
            super(message);
        }
    }

    Pulled pull(ImageReference reference, ImageSpec spec, List<Credential> credentials, PodSandboxConfig sandbox)
            throws FailedException {
        long asked = runtime.nanoTime();
        slots.acquireUninterruptibly();
        try {
            long began = runtime.nanoTime();
            records.begin(reference);
            long size = tryEach(reference, spec, credentials, sandbox);
            long ended = runtime.nanoTime();
            return new Pulled(ended - began, ended - asked, size);
        } finally {
            slots.release();
        }
    }

    private long tryEach(
            ImageReference reference, ImageSpec spec, List<Credential> credentials, PodSandboxConfig sandbox)
            throws FailedException {
        List<Credential> attempts = new ArrayList<>(credentials);
        if (attempts.isEmpty()) {
            attempts.add(null);
        }
        List<CriException> errors = new ArrayList<>();
        for (Credential credential : attempts) {
            try {
                String id = cri.pullImage(spec, credential == null ? null : auth(credential), sandbox);
                Image image = cri.imageStatus(spec).orElse(Image.getDefaultInstance());
                records.succeeded(reference, image.getId().isEmpty() ? id : image.getId(), credential);
                return image.getSize();
            } catch (CriException e) {
                errors.add(e);
            }
        }
        records.failed(reference);
        throw new FailedException(PullFailure.text(errors));
    }

    private static AuthConfig auth(Credential credential) {
        return AuthConfig.newBuilder()
                .setUsername(credential.username())
                .setPassword(credential.password())
                .build();
    }
}
