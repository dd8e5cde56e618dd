package io.jollyboat.controllers.nodelifecycle;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.NodeCondition;
import io.jollyboat.values.Times;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is known of a node that has been silent for too long. Pure. */
final class Silence {
    private static final List<String> CONDITIONS = List.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure");

    private Silence() {}

    /** The node with its conditions unknown. */
    static Node unknown(Node node, Instant now) {
        Node.Builder result = node.toBuilder();
        for (String type : CONDITIONS) {
            Optional<NodeCondition> present = Nodes.condition(node, type);
            if (present.isEmpty()) {
                result.getStatusBuilder()
                        .addConditionsBuilder()
                        .setType(type)
                        .setStatus("Unknown")
                        .setReason("NodeStatusNeverUpdated")
                        .setMessage("Kubelet never posted node status.")
                        .setLastHeartbeatTime(node.getMetadata().getCreationTimestamp())
                        .setLastTransitionTime(Times.time(now));
            } else if (!present.get().getStatus().equals("Unknown")) {
                int index = node.getStatus().getConditionsList().indexOf(present.get());
                result.getStatusBuilder()
                        .getConditionsBuilder(index)
                        .setStatus("Unknown")
                        .setReason("NodeStatusUnknown")
                        .setMessage("Kubelet stopped posting node status.")
                        .setLastTransitionTime(Times.time(now));
            }
        }
        return result.build();
    }
}
