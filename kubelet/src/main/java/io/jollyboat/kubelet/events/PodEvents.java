package io.jollyboat.kubelet.events;

import io.jollyboat.api.core.v1.Pod;

/** Where events about pods go. Never blocks. */
public interface PodEvents {
    /** @param fieldPath of the container concerned; empty for the pod as a whole */
    void record(Pod pod, String fieldPath, boolean warning, String reason, String message);

    default void normal(Pod pod, String fieldPath, String reason, String message) {
        record(pod, fieldPath, false, reason, message);
    }

    default void warning(Pod pod, String fieldPath, String reason, String message) {
        record(pod, fieldPath, true, reason, message);
    }
}
