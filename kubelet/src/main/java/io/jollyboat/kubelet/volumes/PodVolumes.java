package io.jollyboat.kubelet.volumes;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodStatus;
import io.jollyboat.cri.v1.Mount;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The volumes of this node's pods. Thread-safe; one call at a time per pod. */
public interface PodVolumes {
    /** Nothing on the host: for simulated nodes. */
    PodVolumes NONE = new NoVolumes();

    /**
     * Makes all volumes, or brings their content up to date. Answers what failed, by volume name, and when to call again
     * though nothing changed.
     */
    Result setUp(Pod pod, PodStatus status);

    /** The container's mounts of the pod's volumes; VolumeException when one cannot be. */
    List<Mount> mounts(Pod pod, Container container, Map<String, String> environment);

    /** Removes everything of the pod; nothing of it may run any more. */
    void tearDown(String podUid);

    /** Pods of which there are files, by uid. */
    List<String> podUids();

    /**
     * @param failures messages by volume name; empty when all is well
     * @param again null for never
     */
    record Result(Map<String, String> failures, Duration again) {
        public static final Result FINE = new Result(Map.of(), null);
    }
}
