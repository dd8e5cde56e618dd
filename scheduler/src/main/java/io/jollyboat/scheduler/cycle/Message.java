package io.jollyboat.scheduler.cycle;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.scheduler.framework.CycleState;
import io.jollyboat.scheduler.queue.QueuedPod;

/** What the scheduler's thread is told. */
sealed interface Message {
    record NodeChanged(Node before, Node after) implements Message {}

    record PodChanged(Pod before, Pod after) implements Message {}

    record Bound(QueuedPod pod, String nodeName) implements Message {}

    /** @param rejectedBy the Permit plugin that said no; null when something failed */
    record NotBound(QueuedPod pod, CycleState state, String nodeName, String rejectedBy, String reason)
            implements Message {}

    /** All caches are full. */
    record Synced() implements Message {}

    /** Time has passed, or leadership has changed. */
    record Tick() implements Message {}
}
