package io.jollyboat.controllers.replicaset;

import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.apps.v1.ReplicaSetCondition;
import io.jollyboat.api.apps.v1.ReplicaSetStatus;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.controllers.objects.Pods;
import io.jollyboat.values.Times;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** A ReplicaSet's status, from its pods. */
final class StatusCalculator {
    private static final String FAILURE = "ReplicaFailure";

    private StatusCalculator() {}

    /**
     * @param terminating pods being deleted; empty where the kind does not count them
     * @param error why pods could not be created or deleted; null when all went well
     */
    static ReplicaSetStatus status(
            ReplicaSet replicaSet, List<Pod> active, OptionalInt terminating, String error, Instant now) {
        Map<String, String> wanted =
                replicaSet.getSpec().getTemplate().getMetadata().getLabelsMap();
        int minReadySeconds = replicaSet.getSpec().getMinReadySeconds();
        ReplicaSetStatus.Builder status = ReplicaSetStatus.newBuilder()
                .setObservedGeneration(replicaSet.getMetadata().getGeneration())
                .setReplicas(active.size())
                .setFullyLabeledReplicas((int) active.stream()
                        .filter(pod ->
                                pod.getMetadata().getLabelsMap().entrySet().containsAll(wanted.entrySet()))
                        .count())
                .setReadyReplicas((int) active.stream().filter(Pods::isReady).count())
                .setAvailableReplicas((int) active.stream()
                        .filter(pod -> Pods.isAvailable(pod, minReadySeconds, now))
                        .count());
        terminating.ifPresent(status::setTerminatingReplicas);
        conditions(replicaSet, active.size(), error, now, status);
        return status.build();
    }

    private static void conditions(
            ReplicaSet replicaSet, int size, String error, Instant now, ReplicaSetStatus.Builder status) {
        boolean noted = false;
        for (ReplicaSetCondition condition : replicaSet.getStatus().getConditionsList()) {
            boolean failure = condition.getType().equals(FAILURE);
            noted |= failure;
            if (!failure || error != null) {
                status.addConditions(condition);
            }
        }
        if (error != null && !noted) {
            int excess = size - replicaSet.getSpec().getReplicas();
            status.addConditions(ReplicaSetCondition.newBuilder()
                    .setType(FAILURE)
                    .setStatus("True")
                    .setLastTransitionTime(Times.time(now))
                    .setReason(excess < 0 ? "FailedCreate" : excess > 0 ? "FailedDelete" : "")
                    .setMessage(error));
        }
    }
}
