package io.jollyboat.client;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.meta.v1.ManagedFieldsEntry;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;

/** Pods to write. */
public final class TestPods {
    public static final ResourceType<Pod> PODS = Kinds.of(Pod.class);

    private TestPods() {}

    public static Pod pod(String name) {
        return pod(name, "");
    }

    public static Pod pod(String name, String node) {
        return Pod.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setNamespace("default")
                        .setName(name)
                        .setUid("uid-" + name)
                        .addManagedFields(ManagedFieldsEntry.newBuilder().setManager("test")))
                .setSpec(PodSpec.newBuilder().setNodeName(node))
                .build();
    }
}
