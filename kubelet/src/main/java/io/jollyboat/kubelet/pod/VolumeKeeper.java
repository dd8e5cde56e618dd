package io.jollyboat.kubelet.pod;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodStatus;
import io.jollyboat.kubelet.volumes.PodVolumes;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** Keeps one pod's volumes: made once, renewed when what they show changes, tried again after failures. */
final class VolumeKeeper {
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

    /** Answers whether all volumes are there; adds when to ask again. */
    boolean ready(Pod pod, PodStatus status, Set<Instant> wakes) {
        Instant now = parts.runtime().now();
        boolean moved = madeOnce && !addresses.equals(status.getPodIP());
        if (due || moved || (again != null && !now.isBefore(again))) {
            setUp(pod, status, now);
        }
        if (again != null) {
            wakes.add(again);
        }
        return madeOnce;
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
