package io.jollyboat.kubelet.model;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.kinds.ObjectKey;

/** One incarnation of a pod: a deleted and re-created pod has the same key and another uid. */
public record PodId(String uid, String namespace, String name) {
    public static PodId of(Pod pod) {
        return new PodId(
                pod.getMetadata().getUid(),
                pod.getMetadata().getNamespace(),
                pod.getMetadata().getName());
    }

    public ObjectKey key() {
        return ObjectKey.of(namespace, name);
    }

    /** As upstream's messages name a pod. */
    @Override
    public String toString() {
        return name + "_" + namespace + "(" + uid + ")";
    }
}
