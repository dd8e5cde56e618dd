package io.jollyboat.kubelet.images;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Pod;
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
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Sees to it that containers' images are there. Pulls run beside the pods' loops. Thread-safe. */
public final class Images {
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final ContainerRuntime cri;
    private final PullSecrets secrets;
    private final PodEvents events;
    private final Runtime runtime;
    private final PulledImages pulledImages;
    private final ImagePuller puller;
    private final PullBackOffs backOffs = new PullBackOffs();
    private final Set<String> pulling = ConcurrentHashMap.newKeySet();
    /** Pulled since the container's last start: an Always policy is satisfied once. */
    private final Set<String> pulled = ConcurrentHashMap.newKeySet();

    private final ConcurrentHashMap<String, PullFailure> failures = new ConcurrentHashMap<>();

    /**
     * @param recordFile where it is kept who may use images that were pulled with credentials; null: nowhere
     * @param parallelPulls at once on this node
     */
    public Images(
            ContainerRuntime cri,
            ReferencedObjects objects,
            PodEvents events,
            Runtime runtime,
            Path recordFile,
            int parallelPulls) {
        this.cri = cri;
        this.secrets = new PullSecrets(objects, events);
        this.events = events;
        this.runtime = runtime;
        this.pulledImages = new PulledImages(recordFile);
        this.puller = new ImagePuller(cri, pulledImages, runtime, parallelPulls);
    }

    /**
     * One container's wish.
     *
     * @param key of the container and its image; what is tried again together has the same {@code backOffKey}
     */
    private record Wish(
            Pod pod,
            String image,
            ImageReference reference,
            ImageSpec spec,
            String path,
            String key,
            String backOffKey) {}

    /**
     * The state of the container's image; begins a pull where one is due.
     *
     * @param done told when a pull that this call began has ended
     */
    public ImageState ensure(Pod pod, Container container, PodSandboxConfig sandbox, Runnable done) {
        String image = container.getImage();
        String path = Specs.fieldPath(pod, container.getName());
        Wish wish;
        try {
            String uid = pod.getMetadata().getUid();
            wish = new Wish(
                    pod,
                    image,
                    ImageReference.parse(image),
                    ImageSpec.newBuilder()
                            .setImage(ImageReference.withTag(image))
                            .build(),
                    path,
                    uid + "_" + container.getName() + "_" + image,
                    uid + "_" + image);
        } catch (IllegalArgumentException e) {
            String message = "Failed to apply default image tag \"" + image + "\": couldn't parse image name \"" + image
                    + "\": " + e.getMessage();
            events.warning(pod, path, "InspectFailed", message);
            return new ImageState.Missing("InvalidImageName", message, RETRY);
        }
        if (pulling.contains(wish.key())) {
            return new ImageState.Pulling();
        }
        Optional<Image> present;
        try {
            present = cri.imageStatus(wish.spec());
        } catch (CriException e) {
            // Upstream's text has the image's id here, which is not known.
            String message = "Failed to inspect image \"\": " + e.rpcText();
            events.warning(pod, path, "InspectFailed", message);
            return new ImageState.Missing("ImageInspectError", message, RETRY);
        }
        if (present.isPresent() && pulled.remove(wish.key())) {
            return new ImageState.Present(wish.spec().getImage(), present.get());
        }
        return byPolicy(wish, policy(container), present, sandbox, done);
    }

    private ImageState byPolicy(
            Wish wish, String policy, Optional<Image> present, PodSandboxConfig sandbox, Runnable done) {
        if (!policy.equals("Always")) {
            try {
                if (present.isPresent() && mayUse(wish, present.get().getId())) {
                    events.normal(
                            wish.pod(),
                            wish.path(),
                            "Pulled",
                            "Container image \"" + wish.image()
                                    + "\" already present on machine and can be accessed by the pod");
                    return new ImageState.Present(wish.spec().getImage(), present.get());
                }
            } catch (ApiException | IllegalArgumentException e) {
                return new ImageState.Missing("ErrImagePull", e.getMessage(), RETRY);
            }
        }
        if (policy.equals("Never")) {
            // The same words for an image that is another's: that it is there is no business of this pod.
            String message = "Container image \"" + wish.image() + "\" is not present with pull policy of Never";
            events.warning(wish.pod(), wish.path(), "ErrImageNeverPull", message);
            return new ImageState.Missing("ErrImageNeverPull", message, RETRY);
        }
        return pullOrWait(wish, sandbox, done);
    }

    private boolean mayUse(Wish wish, String imageId) {
        return switch (pulledImages.access(wish.reference(), imageId)) {
            case FREE -> true;
            case BY_SECRET ->
                pulledImages.mayUse(wish.reference(), imageId, secrets.matching(wish.pod(), wish.reference()));
            case BY_PULL -> false;
        };
    }

    private ImageState pullOrWait(Wish wish, PodSandboxConfig sandbox, Runnable done) {
        Instant now = runtime.now();
        PullFailure failure = failures.remove(wish.key());
        if (failure != null) {
            // Shown once as it is; from the next look on the container is in back-off.
            return new ImageState.Missing(failure.reason(), failure.message(), Duration.ofSeconds(1));
        }
        PullBackOffs.Entry waiting = backOffs.waiting(wish.backOffKey(), now);
        if (waiting != null) {
            String message = "Back-off pulling image \"" + wish.image() + "\"";
            events.normal(wish.pod(), wish.path(), "BackOff", message);
            return new ImageState.Missing(
                    "ImagePullBackOff", message + ": " + waiting.error(), Duration.between(now, waiting.until()));
        }
        pulling.add(wish.key());
        runtime.start("pull " + wish.spec().getImage(), () -> {
            try {
                pull(wish, sandbox);
            } finally {
                pulling.remove(wish.key());
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

    private void pull(Wish wish, PodSandboxConfig sandbox) {
        events.normal(wish.pod(), wish.path(), "Pulling", "Pulling image \"" + wish.image() + "\"");
        try {
            List<Credential> credentials = secrets.matching(wish.pod(), wish.reference());
            ImagePuller.Pulled result = puller.pull(wish.reference(), wish.spec(), credentials, sandbox);
            events.normal(
                    wish.pod(),
                    wish.path(),
                    "Pulled",
                    "Successfully pulled image \"" + wish.image() + "\" in " + seconds(result.nanos()) + " ("
                            + seconds(result.nanosWithWaiting()) + " including waiting). Image size: " + result.size()
                            + " bytes.");
            pulled.add(wish.key());
        } catch (ImagePuller.FailedException e) {
            failed(wish, PullFailure.of(wish.image(), e.getMessage()));
        } catch (ApiException | IllegalArgumentException e) {
            failed(wish, new PullFailure(e.getMessage(), "ErrImagePull", e.getMessage()));
        }
    }

    private void failed(Wish wish, PullFailure failure) {
        events.warning(
                wish.pod(), wish.path(), "Failed", "Failed to pull image \"" + wish.image() + "\": " + failure.event());
        backOffs.failed(wish.backOffKey(), runtime.now(), failure.reason() + ": " + failure.message());
        failures.put(wish.key(), failure);
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
        if (millis < 1000) {
            return millis == 0 ? "0s" : millis + "ms";
        }
        long minutes = millis / 60_000;
        String rest = new java.math.BigDecimal(millis % 60_000)
                .movePointLeft(3)
                .stripTrailingZeros()
                .toPlainString();
        return (minutes >= 60 ? minutes / 60 + "h" : "") + (minutes > 0 ? minutes % 60 + "m" : "") + rest + "s";
    }
}
