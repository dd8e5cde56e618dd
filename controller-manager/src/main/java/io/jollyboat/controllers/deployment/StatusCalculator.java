package io.jollyboat.controllers.deployment;

import static io.jollyboat.controllers.deployment.DeploymentConditions.AVAILABLE;
import static io.jollyboat.controllers.deployment.DeploymentConditions.NEW_AVAILABLE;
import static io.jollyboat.controllers.deployment.DeploymentConditions.PROGRESSING;
import static io.jollyboat.controllers.deployment.DeploymentConditions.REPLICA_FAILURE;
import static io.jollyboat.controllers.deployment.DeploymentConditions.TIMED_OUT;
import static io.jollyboat.controllers.deployment.DeploymentConditions.condition;

import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.DeploymentCondition;
import io.jollyboat.api.apps.v1.DeploymentStatus;
import io.jollyboat.api.apps.v1.DeploymentStatusOrBuilder;
import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.apps.v1.ReplicaSetCondition;
import io.jollyboat.values.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** A deployment's status, from those of its ReplicaSets. */
final class StatusCalculator {
    private StatusCalculator() {}

    /** The counts and the condition Available. */
    static DeploymentStatus.Builder counts(
            Deployment deployment, List<ReplicaSet> all, Optional<ReplicaSet> newSet, Instant now) {
        Bounds bounds = Bounds.of(deployment);
        int wanted = all.stream().mapToInt(rs -> rs.getSpec().getReplicas()).sum();
        int available = all.stream()
                .mapToInt(rs -> rs.getStatus().getAvailableReplicas())
                .sum();
        DeploymentStatus.Builder status = DeploymentStatus.newBuilder();
        status.setObservedGeneration(deployment.getMetadata().getGeneration());
        status.setReplicas(
                all.stream().mapToInt(rs -> rs.getStatus().getReplicas()).sum());
        status.setUpdatedReplicas(newSet.map(rs -> rs.getStatus().getReplicas()).orElse(0));
        status.setReadyReplicas(
                all.stream().mapToInt(rs -> rs.getStatus().getReadyReplicas()).sum());
        status.setAvailableReplicas(available);
        status.setUnavailableReplicas(Math.max(0, wanted - available));
        terminating(all).ifPresent(status::setTerminatingReplicas);
        if (deployment.getStatus().hasCollisionCount()) {
            status.setCollisionCount(deployment.getStatus().getCollisionCount());
        }
        status.addAllConditions(deployment.getStatus().getConditionsList());
        DeploymentConditions.set(
                status,
                available >= bounds.minAvailable()
                        ? condition(
                                AVAILABLE,
                                "True",
                                "MinimumReplicasAvailable",
                                "Deployment has minimum availability.",
                                now)
                        : condition(
                                AVAILABLE,
                                "False",
                                "MinimumReplicasUnavailable",
                                "Deployment does not have minimum availability.",
                                now));
        return status;
    }

    /** Unknown while a ReplicaSet that was synced does not say. */
    private static OptionalInt terminating(List<ReplicaSet> all) {
        int sum = 0;
        for (ReplicaSet rs : all) {
            if (rs.getStatus().hasTerminatingReplicas()) {
                sum += rs.getStatus().getTerminatingReplicas();
            } else if (rs.getStatus().getObservedGeneration() != 0) {
                return OptionalInt.empty();
            }
        }
        return OptionalInt.of(sum);
    }

    /** The counts, and what is to be said of the rollout's progress. */
    static DeploymentStatus rollout(
            Deployment deployment, List<ReplicaSet> all, Optional<ReplicaSet> newSet, Instant now) {
        DeploymentStatus.Builder status = counts(deployment, all, newSet, now);
        Optional<DeploymentCondition> current = DeploymentConditions.get(deployment.getStatus(), PROGRESSING);
        if (!hasDeadline(deployment)) {
            DeploymentConditions.remove(status, PROGRESSING);
        } else if (status.getReplicas() != status.getUpdatedReplicas()
                || !DeploymentConditions.hasReason(deployment.getStatus(), PROGRESSING, NEW_AVAILABLE)) {
            String subject = newSet.map(rs -> "ReplicaSet \"" + rs.getMetadata().getName() + "\"")
                    .orElse("Deployment \"" + deployment.getMetadata().getName() + "\"");
            progress(deployment, status, current, subject, now);
        }
        failure(all, newSet)
                .ifPresentOrElse(
                        failure -> DeploymentConditions.set(status, failure),
                        () -> DeploymentConditions.remove(status, REPLICA_FAILURE));
        return status.build();
    }

    private static void progress(
            Deployment deployment,
            DeploymentStatus.Builder status,
            Optional<DeploymentCondition> current,
            String subject,
            Instant now) {
        if (isComplete(deployment, status)) {
            DeploymentConditions.set(
                    status,
                    condition(PROGRESSING, "True", NEW_AVAILABLE, subject + " has successfully progressed.", now));
        } else if (hasProgressed(deployment.getStatus(), status)) {
            DeploymentCondition.Builder next =
                    condition(PROGRESSING, "True", "ReplicaSetUpdated", subject + " is progressing.", now).toBuilder();
            // Written though status and reason are the same: its update time is what the deadline counts from.
            current.filter(c -> c.getStatus().equals("True"))
                    .ifPresent(c -> next.setLastTransitionTime(c.getLastTransitionTime()));
            DeploymentConditions.remove(status, PROGRESSING);
            status.addConditions(next);
        } else if (hasTimedOut(deployment, status, now)) {
            DeploymentConditions.set(
                    status, condition(PROGRESSING, "False", TIMED_OUT, subject + " has timed out progressing.", now));
        }
    }

    static boolean hasDeadline(Deployment deployment) {
        return deployment.getSpec().hasProgressDeadlineSeconds()
                && deployment.getSpec().getProgressDeadlineSeconds() != Integer.MAX_VALUE;
    }

    static boolean isComplete(Deployment deployment, DeploymentStatusOrBuilder status) {
        int desired = deployment.getSpec().getReplicas();
        return status.getUpdatedReplicas() == desired
                && status.getReplicas() == desired
                && status.getAvailableReplicas() == desired
                && status.getObservedGeneration() >= deployment.getMetadata().getGeneration();
    }

    private static boolean hasProgressed(DeploymentStatusOrBuilder before, DeploymentStatusOrBuilder after) {
        return after.getUpdatedReplicas() > before.getUpdatedReplicas()
                || after.getReplicas() - after.getUpdatedReplicas() < before.getReplicas() - before.getUpdatedReplicas()
                || after.getReadyReplicas() > before.getReadyReplicas()
                || after.getAvailableReplicas() > before.getAvailableReplicas();
    }

    private static boolean hasTimedOut(Deployment deployment, DeploymentStatusOrBuilder status, Instant now) {
        Optional<DeploymentCondition> condition = DeploymentConditions.get(status, PROGRESSING);
        if (condition.isEmpty() || condition.get().getReason().equals(NEW_AVAILABLE)) {
            return false;
        }
        return condition.get().getReason().equals(TIMED_OUT)
                || deadline(deployment, condition.get()).isBefore(now);
    }

    private static Instant deadline(Deployment deployment, DeploymentCondition progressing) {
        return Times.instant(progressing.getLastUpdateTime())
                .plusSeconds(deployment.getSpec().getProgressDeadlineSeconds());
    }

    /** When to check for the deadline, if a rollout is under way and nothing else happens. */
    static Optional<Duration> nextCheck(Deployment deployment, DeploymentStatus status, Instant now) {
        Optional<DeploymentCondition> condition = DeploymentConditions.get(status, PROGRESSING);
        if (!hasDeadline(deployment)
                || condition.isEmpty()
                || isComplete(deployment, status)
                || condition.get().getReason().equals(TIMED_OUT)) {
            return Optional.empty();
        }
        // A second more, as API times are cut to seconds.
        Duration left =
                Duration.between(now, deadline(deployment, condition.get()).plusSeconds(1));
        return Optional.of(left.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : left);
    }

    /** A ReplicaSet's failure to make pods; the new one's goes first. */
    private static Optional<DeploymentCondition> failure(List<ReplicaSet> all, Optional<ReplicaSet> newSet) {
        return Stream.concat(newSet.stream(), all.stream())
                .flatMap(rs -> rs.getStatus().getConditionsList().stream())
                .filter(c -> c.getType().equals(REPLICA_FAILURE))
                .findFirst()
                .map((ReplicaSetCondition c) -> DeploymentConditions.ofReplicaSet(c));
    }
}
