package io.jollyboat.kubelet.server;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.kubelet.model.ObservedPod;
import java.util.Collection;
import java.util.Optional;

/** The pods as the server needs them. Thread-safe. */
public interface PodView {
    /** Those of which this node holds something. */
    Collection<Pod> pods();

    Optional<Pod> pod(String namespace, String name);

    ObservedPod observed(String podUid);
}
