package io.jollyboat.kubelet.node;

import io.jollyboat.api.core.v1.DaemonEndpoint;
import io.jollyboat.api.core.v1.NodeAddress;
import io.jollyboat.api.core.v1.NodeCondition;
import io.jollyboat.api.core.v1.NodeDaemonEndpoints;
import io.jollyboat.api.core.v1.NodeStatus;
import io.jollyboat.values.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A node's whole status. Pure. */
final class NodeStatuses {
    private static final List<String> OWN = List.of("MemoryPressure", "DiskPressure", "PIDPressure", "Ready");

    private NodeStatuses() {}

    static NodeStatus compute(NodeStatus before, NodeFacts facts, Instant now) {
        return before.toBuilder()
                .clearCapacity()
                .putAllCapacity(facts.capacity())
                .clearAllocatable()
                .putAllAllocatable(facts.allocatable())
                .clearAddresses()
                .addAddresses(NodeAddress.newBuilder().setType("InternalIP").setAddress(facts.nodeIp()))
                .addAddresses(NodeAddress.newBuilder().setType("Hostname").setAddress(facts.nodeName()))
                .setDaemonEndpoints(NodeDaemonEndpoints.newBuilder()
                        .setKubeletEndpoint(DaemonEndpoint.newBuilder().setPort(facts.port())))
                .setNodeInfo(facts.info())
                .clearImages()
                .addAllImages(facts.images())
                .clearConditions()
                .addAllConditions(conditions(before.getConditionsList(), facts, now))
                .build();
    }

    private static List<NodeCondition> conditions(List<NodeCondition> before, NodeFacts facts, Instant now) {
        List<NodeCondition> conditions = new ArrayList<>();
        before.stream().filter(c -> !OWN.contains(c.getType())).forEach(conditions::add);
        conditions.add(
                facts.memoryPressure()
                        ? condition(
                                before,
                                now,
                                "MemoryPressure",
                                true,
                                "KubeletHasInsufficientMemory",
                                "kubelet has insufficient memory available")
                        : condition(
                                before,
                                now,
                                "MemoryPressure",
                                false,
                                "KubeletHasSufficientMemory",
                                "kubelet has sufficient memory available"));
        conditions.add(
                facts.diskPressure()
                        ? condition(
                                before,
                                now,
                                "DiskPressure",
                                true,
                                "KubeletHasDiskPressure",
                                "kubelet has disk pressure")
                        : condition(
                                before,
                                now,
                                "DiskPressure",
                                false,
                                "KubeletHasNoDiskPressure",
                                "kubelet has no disk pressure"));
        conditions.add(
                facts.pidPressure()
                        ? condition(
                                before,
                                now,
                                "PIDPressure",
                                true,
                                "KubeletHasInsufficientPID",
                                "kubelet has insufficient PID available")
                        : condition(
                                before,
                                now,
                                "PIDPressure",
                                false,
                                "KubeletHasSufficientPID",
                                "kubelet has sufficient PID available"));
        conditions.add(
                facts.notReady().isEmpty()
                        ? condition(before, now, "Ready", true, "KubeletReady", "kubelet is posting ready status")
                        : condition(before, now, "Ready", false, "KubeletNotReady", facts.notReady()));
        return conditions;
    }

    private static NodeCondition condition(
            List<NodeCondition> before, Instant now, String type, boolean holds, String reason, String message) {
        String status = holds ? "True" : "False";
        Optional<NodeCondition> old = before.stream()
                .filter(c -> c.getType().equals(type) && c.getStatus().equals(status))
                .findFirst();
        return NodeCondition.newBuilder()
                .setType(type)
                .setStatus(status)
                .setReason(reason)
                .setMessage(message)
                .setLastHeartbeatTime(Times.time(now))
                .setLastTransitionTime(
                        old.map(NodeCondition::getLastTransitionTime).orElse(Times.time(now)))
                .build();
    }

    /** Whether anything but heartbeats differs. */
    static boolean differ(NodeStatus left, NodeStatus right) {
        return !withoutHeartbeats(left).equals(withoutHeartbeats(right));
    }

    private static NodeStatus withoutHeartbeats(NodeStatus status) {
        NodeStatus.Builder bare = status.toBuilder();
        bare.getConditionsBuilderList().forEach(NodeCondition.Builder::clearLastHeartbeatTime);
        return bare.build();
    }
}
