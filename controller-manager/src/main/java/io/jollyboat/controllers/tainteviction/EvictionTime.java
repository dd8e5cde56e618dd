package io.jollyboat.controllers.tainteviction;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Taint;
import io.jollyboat.api.core.v1.Toleration;
import io.jollyboat.values.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** When a pod must leave its node. Pure. */
final class EvictionTime {
    private EvictionTime() {}

    /** Empty when it may stay for ever. */
    static Optional<Instant> of(Pod pod, Node node) {
        List<Taint> taints = node.getSpec().getTaintsList().stream()
                .filter(taint -> taint.getEffect().equals("NoExecute"))
                .toList();
        if (taints.isEmpty()) {
            return Optional.empty();
        }
        List<Toleration> used = new ArrayList<>();
        Instant start = Times.instant(pod.getMetadata().getCreationTimestamp());
        for (Taint taint : taints) {
            Optional<Toleration> toleration = pod.getSpec().getTolerationsList().stream()
                    .filter(t -> tolerates(t, taint))
                    .findFirst();
            if (toleration.isEmpty()) {
                return Optional.of(start);
            }
            used.add(toleration.get());
            if (taint.hasTimeAdded() && Times.instant(taint.getTimeAdded()).isAfter(start)) {
                start = Times.instant(taint.getTimeAdded());
            }
        }
        Instant from = start;
        return used.stream()
                .filter(Toleration::hasTolerationSeconds)
                .map(t -> from.plusSeconds(Math.max(0, t.getTolerationSeconds())))
                .min(Instant::compareTo);
    }

    static boolean tolerates(Toleration toleration, Taint taint) {
        if (!toleration.getEffect().isEmpty() && !toleration.getEffect().equals(taint.getEffect())) {
            return false;
        }
        if (!toleration.getKey().isEmpty() && !toleration.getKey().equals(taint.getKey())) {
            return false;
        }
        return switch (toleration.getOperator()) {
            case "", "Equal" ->
                !toleration.getKey().isEmpty() && toleration.getValue().equals(taint.getValue());
            case "Exists" -> true;
            default -> false;
        };
    }
}
