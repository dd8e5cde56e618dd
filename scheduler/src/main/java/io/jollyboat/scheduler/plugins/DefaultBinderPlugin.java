package io.jollyboat.scheduler.plugins;

import io.jollyboat.api.core.v1.Binding;
import io.jollyboat.api.core.v1.ObjectReference;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.client.ApiClient;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.scheduler.framework.BindPlugin;
import io.jollyboat.scheduler.framework.CycleState;
import io.jollyboat.scheduler.framework.PodInfo;

/** Binds by the pod's subresource. */
final class DefaultBinderPlugin implements BindPlugin {
    private static final ResourceType<Pod> PODS = Kinds.of(Pod.class);

    private final ApiClient client;

    DefaultBinderPlugin(ApiClient client) {
        this.client = client;
    }

    @Override
    public String name() {
        return "DefaultBinder";
    }

    @Override
    public boolean bind(CycleState state, PodInfo pod, String nodeName) {
        Binding binding = Binding.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setNamespace(pod.key().namespace())
                        .setName(pod.key().name())
                        .setUid(pod.uid()))
                .setTarget(ObjectReference.newBuilder().setKind("Node").setName(nodeName))
                .build();
        client.createSubresource(PODS, pod.key(), "binding", binding, Status.getDefaultInstance());
        return true;
    }
}
