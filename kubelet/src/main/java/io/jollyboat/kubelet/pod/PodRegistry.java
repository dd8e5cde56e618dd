package io.jollyboat.kubelet.pod;

import io.jollyboat.kubelet.model.ObservedPod;
import io.jollyboat.kubelet.model.PodId;

/** What a pod's loop tells those who keep the loops. */
interface PodRegistry {
    /** The ids in here are this pod's. */
    void observed(PodId pod, ObservedPod observed);

    /** The runtime has just made this sandbox or container for the pod. */
    void owns(PodId pod, String id);

    /** Nothing is left of the pod on this node. */
    void purged(PodId pod);
}
