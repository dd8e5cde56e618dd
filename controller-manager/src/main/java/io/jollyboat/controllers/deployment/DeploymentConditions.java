package io.jollyboat.controllers.deployment;

import io.jollyboat.api.apps.v1.DeploymentCondition;
import io.jollyboat.api.apps.v1.DeploymentStatus;
import io.jollyboat.api.apps.v1.DeploymentStatusOrBuilder;
import io.jollyboat.api.apps.v1.ReplicaSetCondition;
import io.jollyboat.api.meta.v1.Time;
import io.jollyboat.values.Times;
import java.time.Instant;
import java.util.Optional;

/** A deployment's conditions, with upstream's types, reasons and rules of change. */
final class DeploymentConditions {
    static final String PROGRESSING = "Progressing";
    static final String AVAILABLE = "Available";
    static final String REPLICA_FAILURE = "ReplicaFailure";

    static final String NEW_AVAILABLE = "NewReplicaSetAvailable";
    static final String TIMED_OUT = "ProgressDeadlineExceeded";
    static final String PAUSED = "DeploymentPaused";
    static final String CREATE_ERROR = "ReplicaSetCreateError";

    private DeploymentConditions() {}

    static DeploymentCondition condition(String type, String status, String reason, String message, Instant now) {
        Time time = Times.time(now);
        return DeploymentCondition.newBuilder()
                .setType(type)
                .setStatus(status)
                .setReason(reason)
                .setMessage(message)
                .setLastUpdateTime(time)
                .setLastTransitionTime(time)
                .build();
    }

    static Optional<DeploymentCondition> get(DeploymentStatusOrBuilder status, String type) {
        return status.getConditionsList().stream()
                .filter(c -> c.getType().equals(type))
                .findFirst();
    }

    static boolean hasReason(DeploymentStatusOrBuilder status, String type, String reason) {
        return get(status, type).map(c -> c.getReason().equals(reason)).orElse(false);
    }

    /** Changes nothing when status and reason are the same; the transition time stays when the status does. */
    static void set(DeploymentStatus.Builder status, DeploymentCondition condition) {
        Optional<DeploymentCondition> present = get(status, condition.getType());
        DeploymentCondition.Builder next = condition.toBuilder();
        if (present.isPresent() && present.get().getStatus().equals(condition.getStatus())) {
            if (present.get().getReason().equals(condition.getReason())) {
                return;
            }
            next.setLastTransitionTime(present.get().getLastTransitionTime());
        }
        remove(status, condition.getType());
        status.addConditions(next);
    }

    static void remove(DeploymentStatus.Builder status, String type) {
        for (int i = status.getConditionsCount() - 1; i >= 0; i--) {
            if (status.getConditions(i).getType().equals(type)) {
                status.removeConditions(i);
            }
        }
    }

    static DeploymentCondition ofReplicaSet(ReplicaSetCondition condition) {
        return DeploymentCondition.newBuilder()
                .setType(condition.getType())
                .setStatus(condition.getStatus())
                .setLastTransitionTime(condition.getLastTransitionTime())
                .setLastUpdateTime(condition.getLastTransitionTime())
                .setReason(condition.getReason())
                .setMessage(condition.getMessage())
                .build();
    }
}
