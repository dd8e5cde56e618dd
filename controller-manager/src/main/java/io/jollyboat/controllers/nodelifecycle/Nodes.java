package io.jollyboat.controllers.nodelifecycle;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.NodeCondition;
import java.util.Optional;

/** What a node says of itself. */
final class Nodes {
    private Nodes() {}

    static Optional<NodeCondition> condition(Node node, String type) {
        return node.getStatus().getConditionsList().stream()
                .filter(c -> c.getType().equals(type))
                .findFirst();
    }

    /** True, False, Unknown, or empty without the condition. */
    static String readiness(Node node) {
        return condition(node, "Ready").map(NodeCondition::getStatus).orElse("");
    }

    /** Region and zone; empty where the node has neither. */
    static String zone(Node node) {
        String region = node.getMetadata().getLabelsOrDefault("topology.kubernetes.io/region", "");
        String zone = node.getMetadata().getLabelsOrDefault("topology.kubernetes.io/zone", "");
        return region.isEmpty() && zone.isEmpty() ? "" : region + "/" + zone;
    }
}
