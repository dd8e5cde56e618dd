package io.jollyboat.controllers.objects;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodCondition;
import io.jollyboat.values.Times;
import java.time.Instant;

/** Conditions that controllers write into pods. */
public final class PodConditions {
    private static final String DISRUPTION_TARGET = "DisruptionTarget";

    private PodConditions() {}

    /** The pod marked as about to be ended by the cluster, for a reason. */
    public static Pod disrupted(Pod pod, String reason, String message, Instant now) {
        Pod.Builder result = pod.toBuilder();
        PodCondition condition = PodCondition.newBuilder()
                .setType(DISRUPTION_TARGET)
                .setStatus("True")
                .setReason(reason)
                .setMessage(message)
                .setLastTransitionTime(Times.time(now))
                .build();
        for (int i = 0; i < pod.getStatus().getConditionsCount(); i++) {
            PodCondition present = pod.getStatus().getConditions(i);
            if (present.getType().equals(DISRUPTION_TARGET)) {
                if (present.getStatus().equals("True") && present.getReason().equals(reason)) {
                    return pod;
                }
                result.getStatusBuilder().setConditions(i, condition);
                return result.build();
            }
        }
        result.getStatusBuilder().addConditions(condition);
        return result.build();
    }
}
