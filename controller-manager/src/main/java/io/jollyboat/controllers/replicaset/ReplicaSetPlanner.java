package io.jollyboat.controllers.replicaset;

import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.core.v1.Pod;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Decides how many pods to create or which to delete. */
final class ReplicaSetPlanner {
    /** What one round creates or deletes at most. */
    static final int BURST = 500;

    private ReplicaSetPlanner() {}

    /**
     * @param active the ReplicaSet's pods that run or will run
     * @param related pods of all ReplicaSets of the same owner, which decide where pods are crowded
     */
    static Plan plan(ReplicaSet replicaSet, List<Pod> active, Collection<Pod> related, Instant now) {
        if (replicaSet.getMetadata().hasDeletionTimestamp()) {
            return new Plan(0, List.of());
        }
        int excess = active.size() - replicaSet.getSpec().getReplicas();
        if (excess < 0) {
            return new Plan(Math.min(-excess, BURST), List.of());
        }
        return new Plan(0, DeletionRanking.first(active, related, Math.min(excess, BURST), now));
    }

    /** At most one of the two is there. */
    record Plan(int create, List<Pod> delete) {}
}
