package io.jollyboat.controllers.nodelifecycle;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.NodeCondition;
import io.jollyboat.api.core.v1.Taint;
import io.jollyboat.values.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The taints that follow from a node's conditions. Pure. */
final class Taints {
    static final String NOT_READY = "node.kubernetes.io/not-ready";
    static final String UNREACHABLE = "node.kubernetes.io/unreachable";
    private static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
    private static final Map<String, String> WHEN_TRUE = Map.of(
            "MemoryPressure", "node.kubernetes.io/memory-pressure",
            "DiskPressure", "node.kubernetes.io/disk-pressure",
            "NetworkUnavailable", "node.kubernetes.io/network-unavailable",
            "PIDPressure", "node.kubernetes.io/pid-pressure");

    private Taints() {}

    static boolean has(Node node, String key, String effect) {
        return node.getSpec().getTaintsList().stream()
                .anyMatch(t -> t.getKey().equals(key) && t.getEffect().equals(effect));
    }

    /** The node with the NoSchedule taints that its conditions ask for, and none that they no longer do. */
    static Node withScheduling(Node node, Instant now) {
        Set<String> wanted = new LinkedHashSet<>();
        for (NodeCondition condition : node.getStatus().getConditionsList()) {
            if (condition.getType().equals("Ready")) {
                if (condition.getStatus().equals("False")) {
                    wanted.add(NOT_READY);
                } else if (condition.getStatus().equals("Unknown")) {
                    wanted.add(UNREACHABLE);
                }
            } else if (condition.getStatus().equals("True") && WHEN_TRUE.containsKey(condition.getType())) {
                wanted.add(WHEN_TRUE.get(condition.getType()));
            }
        }
        if (node.getSpec().getUnschedulable()) {
            wanted.add(UNSCHEDULABLE);
        }
        List<Taint> taints = new ArrayList<>();
        for (Taint taint : node.getSpec().getTaintsList()) {
            boolean ours = taint.getEffect().equals("NoSchedule") && isConditionTaint(taint.getKey());
            if (!ours || wanted.remove(taint.getKey())) {
                taints.add(taint);
            }
        }
        wanted.forEach(key -> taints.add(taint(key, "NoSchedule", now)));
        return with(node, taints);
    }

    /** The node with the NoExecute taint of that key and without the opposite one; with neither for an empty key. */
    static Node withExecution(Node node, String key, Instant now) {
        List<Taint> taints = new ArrayList<>();
        boolean present = false;
        for (Taint taint : node.getSpec().getTaintsList()) {
            boolean ours = taint.getEffect().equals("NoExecute")
                    && (taint.getKey().equals(NOT_READY) || taint.getKey().equals(UNREACHABLE));
            present |= ours && taint.getKey().equals(key);
            if (!ours || taint.getKey().equals(key)) {
                taints.add(taint);
            }
        }
        if (!present && !key.isEmpty()) {
            taints.add(taint(key, "NoExecute", now));
        }
        return with(node, taints);
    }

    private static boolean isConditionTaint(String key) {
        return key.equals(NOT_READY)
                || key.equals(UNREACHABLE)
                || key.equals(UNSCHEDULABLE)
                || WHEN_TRUE.containsValue(key);
    }

    private static Taint taint(String key, String effect, Instant now) {
        return Taint.newBuilder()
                .setKey(key)
                .setEffect(effect)
                .setTimeAdded(Times.time(now))
                .build();
    }

    private static Node with(Node node, List<Taint> taints) {
        if (taints.equals(node.getSpec().getTaintsList())) {
            return node;
        }
        Node.Builder result = node.toBuilder();
        result.getSpecBuilder().clearTaints().addAllTaints(taints);
        return result.build();
    }
}
