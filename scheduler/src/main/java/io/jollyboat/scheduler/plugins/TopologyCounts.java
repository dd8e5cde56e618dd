package io.jollyboat.scheduler.plugins;

import io.jollyboat.scheduler.framework.AffinityTerm;
import io.jollyboat.scheduler.framework.NodeView;
import java.util.HashMap;
import java.util.Map;

/** A number for each value of each node label that rules name. */
final class TopologyCounts {
    private final Map<String, Map<String, Long>> byKey = new HashMap<>();

    /** Counts at the node's place; nowhere if the node has no such label. */
    void add(AffinityTerm term, NodeView node, long amount) {
        String value = node.node().getMetadata().getLabelsMap().get(term.topologyKey());
        if (value != null) {
            byKey.computeIfAbsent(term.topologyKey(), k -> new HashMap<>()).merge(value, amount, Long::sum);
        }
    }

    boolean isEmpty() {
        return byKey.isEmpty();
    }

    /** What was counted where the node is, by the term's label. */
    long at(AffinityTerm term, NodeView node) {
        String value = node.node().getMetadata().getLabelsMap().get(term.topologyKey());
        return value == null
                ? 0
                : byKey.getOrDefault(term.topologyKey(), Map.of()).getOrDefault(value, 0L);
    }

    /** The sum over all labels. */
    long at(NodeView node) {
        Map<String, String> labels = node.node().getMetadata().getLabelsMap();
        long sum = 0;
        for (Map.Entry<String, Map<String, Long>> key : byKey.entrySet()) {
            String value = labels.get(key.getKey());
            if (value != null) {
                sum += key.getValue().getOrDefault(value, 0L);
            }
        }
        return sum;
    }
}
