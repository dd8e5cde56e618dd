package io.jollyboat.controllers.deployment;

import static io.jollyboat.controllers.deployment.DeploymentConditions.PROGRESSING;
import static io.jollyboat.controllers.deployment.DeploymentConditions.condition;

import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.DeploymentCondition;
import io.jollyboat.api.apps.v1.DeploymentStatus;
import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.controllers.deployment.DeploymentAction.Event;
import io.jollyboat.controllers.objects.Same;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A plan in the making: the deployment and its ReplicaSets as they will be after the steps planned so far. A ReplicaSet
 * that is changed twice is written once.
 */
final class Rollout {
    private final Deployment original;
    private final Deployment.Builder deployment;
    private final Instant now;

    /** Oldest first; the new one apart. */
    private final List<ReplicaSet> old = new ArrayList<>();

    private ReplicaSet newSet;
    private ReplicaSet created;
    private final Map<String, ReplicaSet> originals = new HashMap<>();
    private final Map<String, ReplicaSet> changed = new LinkedHashMap<>();
    private final List<DeploymentAction> others = new ArrayList<>();

    Rollout(Deployment deployment, List<ReplicaSet> replicaSets, Instant now) {
        this.original = deployment;
        this.deployment = deployment.toBuilder();
        this.now = now;
        List<ReplicaSet> sorted =
                replicaSets.stream().sorted(Revisions.BY_CREATION).toList();
        for (ReplicaSet rs : sorted) {
            originals.put(rs.getMetadata().getUid(), rs);
            // Of several with the same template, the oldest.
            if (newSet == null && DeploymentPlanner.sameTemplate(rs, deployment)) {
                newSet = rs;
            } else {
                old.add(rs);
            }
        }
    }

    Deployment deployment() {
        return deployment.build();
    }

    Bounds bounds() {
        return Bounds.of(original);
    }

    Instant now() {
        return now;
    }

    Optional<ReplicaSet> newSet() {
        return Optional.ofNullable(newSet);
    }

    /** Oldest first. */
    List<ReplicaSet> old() {
        return List.copyOf(old);
    }

    List<ReplicaSet> all() {
        List<ReplicaSet> all = new ArrayList<>(old);
        if (newSet != null) {
            all.add(newSet);
        }
        return all;
    }

    List<ReplicaSet> active() {
        return all().stream().filter(rs -> rs.getSpec().getReplicas() > 0).toList();
    }

    List<ReplicaSet> activeOld() {
        return old.stream().filter(rs -> rs.getSpec().getReplicas() > 0).toList();
    }

    int replicas() {
        return all().stream().mapToInt(rs -> rs.getSpec().getReplicas()).sum();
    }

    /** Gives the new ReplicaSet the highest revision, and the deployment that revision. */
    void syncRevision(boolean create) {
        if (newSet == null && !create) {
            return;
        }
        long revision = Revisions.max(old) + 1;
        if (newSet == null) {
            created = NewReplicaSet.of(deployment(), old, revision);
            newSet = created;
            deployment.getMetadataBuilder().putAnnotations(Revisions.REVISION, Long.toString(revision));
            if (StatusCalculator.hasDeadline(original)) {
                setCondition(condition(
                        PROGRESSING,
                        "True",
                        "NewReplicaSetCreated",
                        "Created new replica set \"" + created.getMetadata().getName() + "\"",
                        now));
            }
            return;
        }
        ReplicaSet due = Revisions.annotate(newSet, original, revision);
        if (due.getSpec().getMinReadySeconds() != original.getSpec().getMinReadySeconds()) {
            ReplicaSet.Builder copy = due.toBuilder();
            copy.getSpecBuilder().setMinReadySeconds(original.getSpec().getMinReadySeconds());
            due = copy.build();
        }
        replace(due);
        deployment
                .getMetadataBuilder()
                .putAnnotations(
                        Revisions.REVISION, newSet.getMetadata().getAnnotationsOrDefault(Revisions.REVISION, ""));
        if (StatusCalculator.hasDeadline(original)
                && DeploymentConditions.get(deployment.getStatus(), PROGRESSING).isEmpty()) {
            setCondition(condition(
                    PROGRESSING,
                    "True",
                    "FoundNewReplicaSet",
                    "Found new replica set \"" + newSet.getMetadata().getName() + "\"",
                    now));
        }
    }

    /** Sizes a ReplicaSet, if that is a change; says whether it was. */
    boolean scale(ReplicaSet rs, int replicas) {
        if (rs.getSpec().getReplicas() == replicas) {
            return false;
        }
        rescale(rs, replicas);
        return true;
    }

    /** Sizes a ReplicaSet and records for what size of the deployment. */
    void rescale(ReplicaSet rs, int replicas) {
        ReplicaSet.Builder copy = Revisions.withSizes(rs, bounds()).toBuilder();
        copy.getSpecBuilder().setReplicas(replicas);
        replace(copy.build());
    }

    private void replace(ReplicaSet next) {
        String uid = next.getMetadata().getUid();
        if (newSet != null && newSet.getMetadata().getUid().equals(uid)) {
            newSet = next;
        } else {
            old.replaceAll(rs -> rs.getMetadata().getUid().equals(uid) ? next : rs);
        }
        if (created != null && uid.isEmpty()) {
            created = next;
        } else {
            changed.put(uid, next);
        }
    }

    void delete(ReplicaSet rs) {
        others.add(new DeploymentAction.DeleteReplicaSet(rs));
    }

    void emit(Event event) {
        others.add(new DeploymentAction.Emit(event));
    }

    void add(DeploymentAction action) {
        others.add(action);
    }

    void setCondition(DeploymentCondition condition) {
        DeploymentConditions.set(deployment.getStatusBuilder(), condition);
    }

    void observeGeneration() {
        deployment
                .getStatusBuilder()
                .setObservedGeneration(original.getMetadata().getGeneration());
        writeStatus();
    }

    /** Plans to write the counts, saying nothing of progress. */
    void writeCounts() {
        deployment.setStatus(StatusCalculator.counts(deployment(), all(), newSet(), now));
        writeStatus();
    }

    /** Plans to write counts and progress, or, when they are as they were, to look again at the deadline. */
    void writeProgress() {
        DeploymentStatus status = StatusCalculator.rollout(deployment(), all(), newSet(), now);
        deployment.setStatus(status);
        if (!writeStatus()) {
            StatusCalculator.nextCheck(original, status, now)
                    .ifPresent(after -> others.add(new DeploymentAction.LookAgain(after)));
        }
    }

    private boolean writeStatus() {
        Deployment result = deployment();
        boolean differs = !Same.same(result.getStatus(), original.getStatus())
                || !result.getMetadata()
                        .getAnnotationsMap()
                        .equals(original.getMetadata().getAnnotationsMap());
        if (differs) {
            others.add(new DeploymentAction.UpdateStatus(result));
        }
        return differs;
    }

    /** ReplicaSets first: a status must not tell of what was not done. */
    List<DeploymentAction> actions() {
        List<DeploymentAction> actions = new ArrayList<>();
        if (created != null) {
            int size = created.getSpec().getReplicas();
            actions.add(new DeploymentAction.CreateReplicaSet(
                    created, size > 0 ? Optional.of(scaled(created, 0, size)) : Optional.empty()));
        }
        changed.forEach((uid, rs) -> {
            ReplicaSet before = originals.get(uid);
            int from = before.getSpec().getReplicas();
            int to = rs.getSpec().getReplicas();
            if (!rs.equals(before)) {
                actions.add(new DeploymentAction.UpdateReplicaSet(
                        rs, from == to ? Optional.empty() : Optional.of(scaled(rs, from, to))));
            }
        });
        actions.addAll(others);
        return actions;
    }

    private static Event scaled(ReplicaSet rs, int from, int to) {
        return Event.normal(
                "ScalingReplicaSet",
                "Scaled " + (from < to ? "up" : "down") + " replica set "
                        + rs.getMetadata().getName() + " from " + from + " to " + to);
    }
}
