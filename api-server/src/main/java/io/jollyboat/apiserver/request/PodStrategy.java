package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodStatus;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.quota.PodQos;

/** Pods begin Pending, and end gracefully. */
final class PodStrategy extends KindStrategies.Generic {
    PodStrategy() {
        super("pods");
    }

    @Override
    public Message prepareCreate(ResourceType<?> type, Message object) {
        Pod pod = (Pod) object;
        Pod.Builder builder = pod.toBuilder()
                .setStatus(PodStatus.newBuilder().setPhase("Pending").setQosClass(PodQos.of(pod.getSpec())));
        if (pod.getSpec().getTerminationGracePeriodSeconds() < 0) {
            builder.getSpecBuilder().setTerminationGracePeriodSeconds(1);
        }
        return builder.build();
    }

    @Override
    public Long gracePeriodSeconds(Message object, DeleteOptions options) {
        Pod pod = (Pod) object;
        String phase = pod.getStatus().getPhase();
        if (pod.getSpec().getNodeName().isEmpty() || phase.equals("Failed") || phase.equals("Succeeded")) {
            return 0L;
        }
        long period = options.hasGracePeriodSeconds()
                ? options.getGracePeriodSeconds()
                : pod.getSpec().getTerminationGracePeriodSeconds();
        return period < 0 ? 1L : period;
    }
}
