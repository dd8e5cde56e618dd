package io.jollyboat.kubelet.pod;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodStatus;
import io.jollyboat.api.core.v1.Volume;
import io.jollyboat.api.core.v1.VolumeSource;
import io.jollyboat.kubelet.volumes.PodVolumes;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Keeps one pod's volumes: made once, renewed when what they show changes, tried again after failures. */
final class VolumeKeeper {
    /** In every namespace, kept there by a controller. */
    private static final String ROOT_CA = "kube-root-ca.crt";

    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final Duration MAX_RETRY = Duration.ofSeconds(122);

    private final NodeParts parts;
    private volatile boolean due = true;
    private boolean madeOnce;
    private String addresses = "";
    private Duration retry = FIRST_RETRY;
    private Instant again;

    VolumeKeeper(NodeParts parts) {
        this.parts = parts;
    }

    /** What the volumes show may have changed. */
    void renew() {
        due = true;
    }

    /** All that the pod's volumes show comes from the cluster itself: they fail only where it is not well. */
    static boolean onlyOurs(Pod pod) {
        return pod.getSpec().getVolumesList().stream().allMatch(volume -> {
            VolumeSource source = volume.getVolumeSource();
            return source.hasEmptyDir()
                    || (source.hasProjected()
                            && source.getProjected().getSourcesList().stream()
                                    .allMatch(s -> s.hasServiceAccountToken()
                                            || s.hasDownwardAPI()
                                            || (s.hasConfigMap()
                                                    && s.getConfigMap()
                                                            .getLocalObjectReference()
                                                            .getName()
                                                            .equals(ROOT_CA))));
        });
    }

    /** Begins to make the volumes beside the loop; the loop runs the answer, which waits, before it asks again. */
    Runnable begin(Pod pod, PodStatus status) {
        if (!due) {
            return () -> {};
        }
        CompletableFuture<Void> made = new CompletableFuture<>();
        parts.runtime().start("volumes " + pod.getMetadata().getName(), () -> {
            try {
                setUp(pod, status, parts.runtime().now());
                made.complete(null);
            } catch (RuntimeException e) {
                due = true;
                made.completeExceptionally(e);
            }
        });
        return made::join;
    }

    /** Answers whether all volumes are there; adds when to ask again. */
    boolean ready(Pod pod, PodStatus status, Set<Instant> wakes) {
        Instant now = parts.runtime().now();
        boolean moved = madeOnce && !addresses.equals(status.getPodIP()) && showsStatus(pod);
        if (due || moved || (again != null && !now.isBefore(again))) {
            setUp(pod, status, now);
        }
        if (again != null) {
            wakes.add(again);
        }
        return madeOnce;
    }

    /** Its address is among what the volumes show. */
    private static boolean showsStatus(Pod pod) {
        return pod.getSpec().getVolumesList().stream()
                .map(Volume::getVolumeSource)
                .flatMap(source -> source.hasDownwardAPI()
                        ? source.getDownwardAPI().getItemsList().stream()
                        : source.getProjected().getSourcesList().stream()
                                .flatMap(s -> s.getDownwardAPI().getItemsList().stream()))
                .anyMatch(item -> item.getFieldRef().getFieldPath().startsWith("status."));
    }

    private void setUp(Pod pod, PodStatus status, Instant now) {
        due = false;
        addresses = status.getPodIP();
        PodVolumes.Result result = parts.volumes().setUp(pod, status);
        result.failures()
                .forEach((volume, message) -> parts.events()
                        .warning(
                                pod,
                                "",
                                "FailedMount",
                                "MountVolume.SetUp failed for volume \"" + volume + "\" : " + message));
        if (result.failures().isEmpty()) {
            madeOnce = true;
            retry = FIRST_RETRY;
            again = result.again() == null ? null : now.plus(result.again());
        } else {
            again = now.plus(retry);
            retry = retry.multipliedBy(2).compareTo(MAX_RETRY) < 0 ? retry.multipliedBy(2) : MAX_RETRY;
        }
    }
}
