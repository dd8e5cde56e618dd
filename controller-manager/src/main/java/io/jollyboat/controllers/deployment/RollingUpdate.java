package io.jollyboat.controllers.deployment;

import io.jollyboat.api.apps.v1.ReplicaSet;
import java.util.stream.Stream;

/** One step of a rolling update: the new ReplicaSet up as far as the surge lets it, else the old ones down. */
final class RollingUpdate {
    private RollingUpdate() {}

    static void apply(Rollout rollout) {
        Bounds bounds = rollout.bounds();
        ReplicaSet newSet = rollout.newSet().orElseThrow();
        int size = newSet.getSpec().getReplicas();
        int target = size > bounds.desired() ? bounds.desired() : newSize(bounds, rollout.replicas(), size);
        if (size != bounds.desired() && rollout.scale(newSet, target)) {
            return;
        }
        scaleOldDown(rollout, bounds);
    }

    /** @param present replicas of all ReplicaSets, the new one's included */
    static int newSize(Bounds bounds, int present, int size) {
        int room = bounds.maxTotal() - present;
        return room <= 0 ? size : size + Math.min(room, bounds.desired() - size);
    }

    private static void scaleOldDown(Rollout rollout, Bounds bounds) {
        if (rollout.activeOld().isEmpty()) {
            return;
        }
        ReplicaSet newSet = rollout.newSet().orElseThrow();
        int newUnavailable = newSet.getSpec().getReplicas() - newSet.getStatus().getAvailableReplicas();
        int removable = rollout.replicas() - bounds.minAvailable() - newUnavailable;
        if (removable <= 0) {
            return;
        }
        removeUnhealthy(rollout, removable);
        removeAvailable(rollout, bounds);
    }

    /** Pods that are not available may go at no cost, and must not block the rollout. */
    private static void removeUnhealthy(Rollout rollout, int limit) {
        int left = limit;
        for (ReplicaSet rs : rollout.activeOld()) {
            int size = rs.getSpec().getReplicas();
            int unhealthy = size - rs.getStatus().getAvailableReplicas();
            int removed = Math.min(left, Math.max(0, unhealthy));
            if (removed > 0) {
                rollout.scale(rs, size - removed);
                left -= removed;
            }
        }
    }

    private static void removeAvailable(Rollout rollout, Bounds bounds) {
        int available = Stream.concat(rollout.activeOld().stream(), rollout.newSet().stream())
                .mapToInt(rs -> rs.getStatus().getAvailableReplicas())
                .sum();
        int left = available - bounds.minAvailable();
        for (ReplicaSet rs : rollout.activeOld()) {
            if (left <= 0) {
                return;
            }
            int size = rs.getSpec().getReplicas();
            int removed = Math.min(size, left);
            rollout.scale(rs, size - removed);
            left -= removed;
        }
    }
}
