package io.jollyboat.apiserver.table;

import static io.jollyboat.apiserver.table.CellText.age;
import static io.jollyboat.apiserver.table.CellText.orNone;
import static io.jollyboat.apiserver.table.CellText.orUnknown;

import io.jollyboat.api.coordination.v1.Lease;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.NodeAddress;
import io.jollyboat.api.core.v1.NodeCondition;
import io.jollyboat.api.core.v1.NodeSystemInfo;
import io.jollyboat.api.node.v1.RuntimeClass;
import io.jollyboat.api.scheduling.v1.PriorityClass;
import java.util.List;
import java.util.TreeSet;

/** Nodes and what concerns them and the scheduler. */
final class NodePrinters {
    private NodePrinters() {}

    static void register() {
        Printers.add(
                Node.class,
                Column.of(
                        "Name",
                        "Status",
                        "Roles",
                        "Age",
                        "Version",
                        "Internal-IP*",
                        "External-IP*",
                        "OS-Image*",
                        "Kernel-Version*",
                        "Container-Runtime*"),
                (node, now) -> {
                    NodeSystemInfo info = node.getStatus().getNodeInfo();
                    String architecture = info.getArchitecture().isEmpty() ? "" : " (" + info.getArchitecture() + ")";
                    return List.of(
                            node.getMetadata().getName(),
                            status(node),
                            orNone(roles(node)),
                            age(node.getMetadata(), now),
                            info.getKubeletVersion(),
                            address(node, "InternalIP"),
                            address(node, "ExternalIP"),
                            orUnknown(info.getOsImage()),
                            orUnknown(info.getKernelVersion()) + architecture,
                            orUnknown(info.getContainerRuntimeVersion()));
                });
        Printers.add(
                Lease.class,
                Column.of("Name", "Holder", "Age"),
                (lease, now) -> List.of(
                        lease.getMetadata().getName(),
                        lease.getSpec().getHolderIdentity(),
                        age(lease.getMetadata(), now)));
        Printers.add(
                RuntimeClass.class,
                Column.of("Name", "Handler", "Age"),
                (runtime, now) -> List.of(
                        runtime.getMetadata().getName(), runtime.getHandler(), age(runtime.getMetadata(), now)));
        Printers.add(
                PriorityClass.class,
                Column.of("Name", "Value:integer", "Global-Default:boolean", "Age", "PreemptionPolicy"),
                (priority, now) -> List.of(
                        priority.getMetadata().getName(),
                        (long) priority.getValue(),
                        priority.getGlobalDefault(),
                        age(priority.getMetadata(), now),
                        priority.getPreemptionPolicy()));
    }

    private static String status(Node node) {
        String ready = "Unknown";
        for (NodeCondition condition : node.getStatus().getConditionsList()) {
            if (condition.getType().equals("Ready")) {
                ready = condition.getStatus().equals("True") ? "Ready" : "NotReady";
            }
        }
        return node.getSpec().getUnschedulable() ? ready + ",SchedulingDisabled" : ready;
    }

    private static String roles(Node node) {
        TreeSet<String> roles = new TreeSet<>();
        node.getMetadata().getLabelsMap().forEach((key, value) -> {
            if (key.startsWith("node-role.kubernetes.io/")) {
                String role = key.substring("node-role.kubernetes.io/".length());
                if (!role.isEmpty()) {
                    roles.add(role);
                }
            } else if (key.equals("kubernetes.io/role") && !value.isEmpty()) {
                roles.add(value);
            }
        });
        return String.join(",", roles);
    }

    private static String address(Node node, String type) {
        return node.getStatus().getAddressesList().stream()
                .filter(address -> address.getType().equals(type))
                .map(NodeAddress::getAddress)
                .findFirst()
                .orElse(CellText.NONE);
    }
}
