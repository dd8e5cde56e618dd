package io.jollyboat.kubelet.pod;

import io.jollyboat.kubelet.status.Waiting;
import java.time.Duration;

/** What became of the attempt to start a container. */
sealed interface StartResult {
    record Started(String containerId) implements StartResult {}

    /** Its image is being pulled. */
    record Pulling() implements StartResult {}

    /** @param again when to try again; null: when something changes or its back-off is over */
    record Failed(Waiting waiting, Duration again) implements StartResult {}
}
