package io.jollyboat.controllers.deployment;

import static io.jollyboat.controllers.deployment.DeploymentConditions.PROGRESSING;
import static io.jollyboat.controllers.deployment.DeploymentConditions.condition;

import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.DeploymentStatus;
import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.controllers.deployment.DeploymentAction.Event;
import io.jollyboat.controllers.objects.PodTemplates;
import io.jollyboat.controllers.objects.Pods;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Decides what brings a deployment one step on. Pure: what it sees goes in, what is to be done comes out. */
final class DeploymentPlanner {
    private final Rollout rollout;
    private final Map<String, List<Pod>> pods;
    private final Instant now;

    private DeploymentPlanner(DeploymentView view, Instant now) {
        this.rollout = new Rollout(view.deployment(), view.replicaSets(), now);
        this.pods = view.pods();
        this.now = now;
    }

    static List<DeploymentAction> plan(DeploymentView view, Instant now) {
        DeploymentPlanner planner = new DeploymentPlanner(view, now);
        planner.plan();
        return planner.rollout.actions();
    }

    private void plan() {
        Deployment deployment = rollout.deployment();
        if (selectsAll(deployment)) {
            rollout.emit(Event.warning(
                    "SelectingAll", "This deployment is selecting all pods. A non-empty selector is required."));
            rollout.observeGeneration();
            return;
        }
        if (deployment.getMetadata().hasDeletionTimestamp()) {
            rollout.syncRevision(false);
            rollout.writeCounts();
            return;
        }
        notePause();
        if (deployment.getSpec().getPaused()) {
            rollout.syncRevision(false);
            ProportionalScaling.apply(rollout);
            if (Rollback.requested(deployment).isEmpty()) {
                cleanUp();
            }
            rollout.writeCounts();
            return;
        }
        OptionalLong rollbackTo = Rollback.requested(deployment);
        if (rollbackTo.isPresent()) {
            Rollback.plan(rollout, rollbackTo.getAsLong());
            return;
        }
        rollout.syncRevision(false);
        if (isScaled()) {
            ProportionalScaling.apply(rollout);
            rollout.writeCounts();
            return;
        }
        switch (deployment.getSpec().getStrategy().getType()) {
            case "Recreate" -> recreate();
            case "RollingUpdate" -> {
                rollout.syncRevision(true);
                RollingUpdate.apply(rollout);
            }
            default ->
                throw new IllegalStateException("unexpected deployment strategy type: "
                        + deployment.getSpec().getStrategy().getType());
        }
        if (StatusCalculator.isComplete(deployment, deployment.getStatus())) {
            cleanUp();
        }
        rollout.writeProgress();
    }

    private static boolean selectsAll(Deployment deployment) {
        return deployment.getSpec().getSelector().getMatchLabelsCount() == 0
                && deployment.getSpec().getSelector().getMatchExpressionsCount() == 0;
    }

    /** A pause stops the deadline's clock, and a resumption starts it anew. */
    private void notePause() {
        Deployment deployment = rollout.deployment();
        DeploymentStatus status = deployment.getStatus();
        if (!StatusCalculator.hasDeadline(deployment)
                || DeploymentConditions.hasReason(status, PROGRESSING, DeploymentConditions.TIMED_OUT)) {
            return;
        }
        boolean noted = DeploymentConditions.hasReason(status, PROGRESSING, DeploymentConditions.PAUSED);
        if (deployment.getSpec().getPaused() && !noted) {
            rollout.setCondition(
                    condition(PROGRESSING, "Unknown", DeploymentConditions.PAUSED, "Deployment is paused", now));
        } else if (!deployment.getSpec().getPaused() && noted) {
            rollout.setCondition(condition(PROGRESSING, "Unknown", "DeploymentResumed", "Deployment is resumed", now));
        }
    }

    /** Whether the wanted number changed since the ReplicaSets were last sized. */
    private boolean isScaled() {
        int desired = rollout.deployment().getSpec().getReplicas();
        return rollout.active().stream().anyMatch(rs -> {
            OptionalLong recorded = Revisions.desired(rs);
            return recorded.isPresent() && recorded.getAsLong() != desired;
        });
    }

    private void recreate() {
        boolean scaledDown = false;
        for (ReplicaSet old : rollout.activeOld()) {
            scaledDown |= rollout.scale(old, 0);
        }
        if (scaledDown || oldPodsRunning()) {
            return;
        }
        rollout.syncRevision(true);
        ReplicaSet newSet = rollout.newSet().orElseThrow();
        rollout.scale(newSet, rollout.deployment().getSpec().getReplicas());
    }

    private boolean oldPodsRunning() {
        if (rollout.old().stream().anyMatch(rs -> rs.getStatus().getReplicas() > 0)) {
            return true;
        }
        Optional<String> newUid = rollout.newSet().map(rs -> rs.getMetadata().getUid());
        return pods.entrySet().stream()
                .filter(e -> !e.getKey().equals(newUid.orElse("")))
                .anyMatch(e -> e.getValue().stream().anyMatch(pod -> !Pods.isTerminal(pod)));
    }

    /** Deletes the oldest ReplicaSets beyond the history limit, those without pods. */
    private void cleanUp() {
        Deployment deployment = rollout.deployment();
        if (!deployment.getSpec().hasRevisionHistoryLimit()
                || deployment.getSpec().getRevisionHistoryLimit() == Integer.MAX_VALUE) {
            return;
        }
        List<ReplicaSet> alive = rollout.old().stream()
                .filter(rs -> !rs.getMetadata().hasDeletionTimestamp())
                .sorted(Revisions.BY_REVISION)
                .toList();
        int excess = alive.size() - deployment.getSpec().getRevisionHistoryLimit();
        for (int i = 0; i < excess; i++) {
            ReplicaSet rs = alive.get(i);
            if (rs.getStatus().getReplicas() == 0
                    && rs.getSpec().getReplicas() == 0
                    && rs.getMetadata().getGeneration() <= rs.getStatus().getObservedGeneration()) {
                rollout.delete(rs);
            }
        }
    }

    static boolean sameTemplate(ReplicaSet rs, Deployment deployment) {
        return PodTemplates.equalIgnoringHash(
                rs.getSpec().getTemplate(), deployment.getSpec().getTemplate());
    }
}
