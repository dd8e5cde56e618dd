package io.jollyboat.controllers.deployment;

import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.ReplicaSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Sizes ReplicaSets when the deployment's size changes or it is paused: all of a single one; in the midst of a rollout
 * each in proportion, so that scaling does not hasten the rollout.
 */
final class ProportionalScaling {
    private ProportionalScaling() {}

    static void apply(Rollout rollout) {
        int desired = rollout.bounds().desired();
        List<ReplicaSet> active = rollout.active();
        if (active.size() <= 1) {
            activeOrLatest(rollout, active).ifPresent(rs -> rollout.scale(rs, desired));
            return;
        }
        if (isSaturated(rollout.newSet(), desired)) {
            rollout.activeOld().forEach(rs -> rollout.scale(rs, 0));
            return;
        }
        if (Bounds.isRolling(rollout.deployment())) {
            distribute(rollout, active);
        }
    }

    private static Optional<ReplicaSet> activeOrLatest(Rollout rollout, List<ReplicaSet> active) {
        if (active.size() == 1) {
            return Optional.of(active.getFirst());
        }
        List<ReplicaSet> old = rollout.old();
        return rollout.newSet().or(() -> old.isEmpty() ? Optional.empty() : Optional.of(old.getLast()));
    }

    private static boolean isSaturated(Optional<ReplicaSet> newSet, int desired) {
        return newSet.isPresent()
                && newSet.get().getSpec().getReplicas() == desired
                && Revisions.desired(newSet.get()).equals(OptionalLong.of(desired))
                && newSet.get().getStatus().getAvailableReplicas() == desired;
    }

    private static void distribute(Rollout rollout, List<ReplicaSet> active) {
        Bounds bounds = rollout.bounds();
        int total = active.stream().mapToInt(rs -> rs.getSpec().getReplicas()).sum();
        int allowed = bounds.desired() > 0 ? bounds.maxTotal() : 0;
        int toAdd = allowed - total;

        List<ReplicaSet> bySize = new ArrayList<>(active);
        Comparator<ReplicaSet> largestFirst = Comparator.comparingInt(
                        (ReplicaSet rs) -> rs.getSpec().getReplicas())
                .reversed();
        // Of equals, the newer grows first and the older shrinks first.
        bySize.sort(largestFirst.thenComparing(toAdd > 0 ? Revisions.BY_CREATION.reversed() : Revisions.BY_CREATION));

        int added = 0;
        List<Integer> sizes = new ArrayList<>();
        for (ReplicaSet rs : bySize) {
            int share = toAdd == 0 ? 0 : share(rs, rollout.deployment(), bounds, toAdd, added);
            sizes.add(rs.getSpec().getReplicas() + share);
            added += share;
        }
        if (toAdd != 0) {
            // What rounding left over goes to the largest.
            sizes.set(0, Math.max(0, sizes.getFirst() + toAdd - added));
        }
        for (int i = 0; i < bySize.size(); i++) {
            rollout.rescale(bySize.get(i), sizes.get(i));
        }
    }

    private static int share(ReplicaSet rs, Deployment deployment, Bounds bounds, int toAdd, int added) {
        if (rs.getSpec().getReplicas() == 0 || toAdd == added) {
            return 0;
        }
        int fraction = fraction(rs, deployment, bounds);
        int left = toAdd - added;
        return toAdd > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
    }

    private static int fraction(ReplicaSet rs, Deployment deployment, Bounds bounds) {
        int size = rs.getSpec().getReplicas();
        if (bounds.desired() == 0) {
            return -size;
        }
        long before = Revisions.max(rs).orElse(0);
        if (before == 0) {
            before = deployment.getStatus().getReplicas();
        }
        if (before == 0) {
            return 0;
        }
        double scaled = (double) ((long) size * bounds.maxTotal()) / before;
        // Half away from zero.
        return (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5) - size;
    }
}
