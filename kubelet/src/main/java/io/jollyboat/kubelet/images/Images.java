package io.jollyboat.kubelet.images;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.cri.v1.AuthConfig;
import io.jollyboat.cri.v1.Image;
import io.jollyboat.cri.v1.ImageSpec;
import io.jollyboat.cri.v1.PodSandboxConfig;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kubelet.cri.ContainerRuntime;
import io.jollyboat.kubelet.cri.CriException;
import io.jollyboat.kubelet.events.PodEvents;
import io.jollyboat.kubelet.model.Specs;
import io.jollyboat.kubelet.objects.ReferencedObjects;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Sees to it that containers' images are there. Pulls run beside the pods' loops. Thread-safe. */
public final class Images {
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final ContainerRuntime cri;
    private final PullSecrets secrets;
    private final PodEvents events;
    private final Runtime runtime;
    private final Semaphore slots;
    private final PullBackOffs backOffs = new PullBackOffs();
    private final Set<String> pulling = ConcurrentHashMap.newKeySet();
    /** Pulled since the container's last start: an Always policy is satisfied once. */
    private final Set<String> pulled = ConcurrentHashMap.newKeySet();

    private final ConcurrentHashMap<String, String> failures = new ConcurrentHashMap<>();

    /** @param parallelPulls at once on this node */
    public Images(
            ContainerRuntime cri, ReferencedObjects objects, PodEvents events, Runtime runtime, int parallelPulls) {
        this.cri = cri;
        this.secrets = new PullSecrets(objects);
        this.events = events;
        this.runtime = runtime;
        this.slots = new Semaphore(parallelPulls);
    }

    /**
     * The state of the container's image; begins a pull where one is due.
     *
     * @param done told when a pull that this call began has ended
     */
    public ImageState ensure(Pod pod, Container container, PodSandboxConfig sandbox, Runnable done) {
        String path = Specs.fieldPath(pod, container.getName());
        String name;
        try {
            name = ImageReference.withTag(container.getImage());
        } catch (IllegalArgumentException e) {
            String message = "Failed to apply default image tag \"" + container.getImage()
                    + "\": couldn't parse image name \"" + container.getImage() + "\": " + e.getMessage();
            events.warning(pod, path, "InspectFailed", message);
            return new ImageState.Missing("InvalidImageName", message, RETRY);
        }
        String key = pod.getMetadata().getUid() + "_" + container.getName() + "_" + container.getImage();
        if (pulling.contains(key)) {
            return new ImageState.Pulling();
        }
        ImageSpec spec = ImageSpec.newBuilder().setImage(name).build();
        Optional<Image> present;
        try {
            present = cri.imageStatus(spec);
        } catch (CriException e) {
            String message = "Failed to inspect image \"" + container.getImage() + "\": " + e.rpcText();
            events.warning(pod, path, "InspectFailed", message);
            return new ImageState.Missing("ImageInspectError", message, RETRY);
        }
        String policy = policy(container);
        if (present.isPresent() && (!policy.equals("Always") || pulled.remove(key))) {
            if (!policy.equals("Always") && !pulled.remove(key)) {
                events.normal(
                        pod,
                        path,
                        "Pulled",
                        "Container image \"" + container.getImage()
                                + "\" already present on machine and can be accessed by the pod");
            }
            return new ImageState.Present(name, present.get());
        }
        if (policy.equals("Never")) {
            String message =
                    "Container image \"" + container.getImage() + "\" is not present with pull policy of Never";
            events.warning(pod, path, "ErrImageNeverPull", message);
            return new ImageState.Missing("ErrImageNeverPull", message, RETRY);
        }
        return pullOrWait(pod, container, spec, sandbox, key, path, done);
    }

    private ImageState pullOrWait(
            Pod pod,
            Container container,
            ImageSpec spec,
            PodSandboxConfig sandbox,
            String key,
            String path,
            Runnable done) {
        Instant now = runtime.now();
        String failure = failures.remove(key);
        if (failure != null) {
            // Shown once as it is; from the next look on the container is in back-off.
            return new ImageState.Missing("ErrImagePull", failure, Duration.ofSeconds(1));
        }
        PullBackOffs.Entry waiting = backOffs.waiting(key, now);
        if (waiting != null) {
            String message = "Back-off pulling image \"" + container.getImage() + "\"";
            events.normal(pod, path, "BackOff", message);
            return new ImageState.Missing(
                    "ImagePullBackOff",
                    message + ": ErrImagePull: " + waiting.error(),
                    Duration.between(now, waiting.until()));
        }
        pulling.add(key);
        runtime.start("pull " + spec.getImage(), () -> {
            try {
                pull(pod, container, spec, sandbox, key, path);
            } finally {
                pulling.remove(key);
                done.run();
            }
        });
        return new ImageState.Pulling();
    }

    /** The pod is gone: so is what is remembered of its pulls. */
    public void forget(String podUid) {
        backOffs.forget(podUid + "_");
        pulled.removeIf(key -> key.startsWith(podUid + "_"));
        failures.keySet().removeIf(key -> key.startsWith(podUid + "_"));
    }

    private void pull(Pod pod, Container container, ImageSpec spec, PodSandboxConfig sandbox, String key, String path) {
        long asked = runtime.nanoTime();
        slots.acquireUninterruptibly();
        try {
            long began = runtime.nanoTime();
            events.normal(pod, path, "Pulling", "Pulling image \"" + container.getImage() + "\"");
            String reference = pullWithSecrets(pod, spec, sandbox);
            long ended = runtime.nanoTime();
            long size = cri.imageStatus(spec.toBuilder().setImage(reference).build())
                    .map(Image::getSize)
                    .orElse(0L);
            events.normal(
                    pod,
                    path,
                    "Pulled",
                    "Successfully pulled image \"" + container.getImage() + "\" in " + seconds(ended - began) + " ("
                            + seconds(ended - asked) + " including waiting). Image size: " + size + " bytes.");
            backOffs.succeeded(key);
            pulled.add(key);
        } catch (CriException | ApiException e) {
            events.warning(
                    pod, path, "Failed", "Failed to pull image \"" + container.getImage() + "\": " + e.getMessage());
            backOffs.failed(key, runtime.now(), e.getMessage());
            failures.put(key, e.getMessage());
        } finally {
            slots.release();
        }
    }

    private String pullWithSecrets(Pod pod, ImageSpec spec, PodSandboxConfig sandbox) {
        List<AuthConfig> attempts = new ArrayList<>(secrets.matching(pod, spec.getImage()));
        if (attempts.isEmpty()) {
            return cri.pullImage(spec, null, sandbox);
        }
        CriException last = null;
        for (AuthConfig auth : attempts) {
            try {
                return cri.pullImage(spec, auth, sandbox);
            } catch (CriException e) {
                last = e;
            }
        }
        throw last;
    }

    private static String policy(Container container) {
        if (!container.getImagePullPolicy().isEmpty()) {
            return container.getImagePullPolicy();
        }
        return ImageReference.withTag(container.getImage()).endsWith(":latest") ? "Always" : "IfNotPresent";
    }

    /** As Go prints a duration rounded to milliseconds. */
    private static String seconds(long nanos) {
        long millis = nanos / 1_000_000;
        return millis < 1000
                ? millis + "ms"
                : new java.math.BigDecimal(millis)
                                .movePointLeft(3)
                                .stripTrailingZeros()
                                .toPlainString() + "s";
    }
}
