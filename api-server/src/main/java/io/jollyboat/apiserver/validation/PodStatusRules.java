package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.ContainerStatus;
import io.jollyboat.api.core.v1.HostIP;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodIP;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.PodStatus;
import io.jollyboat.values.Names;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The rules of what a kubelet and others report of a pod. */
final class PodStatusRules {
    private PodStatusRules() {}

    static void update(Errors errors, Pod pod, Pod old) {
        MetaRules.checkUpdate(errors, pod.getMetadata(), old.getMetadata(), "metadata");
        PodStatus status = pod.getStatus();
        PodStatus before = old.getStatus();
        for (int i = 0; i < status.getConditionsCount(); i++) {
            String type = status.getConditions(i).getType();
            boolean system = Set.of("PodScheduled", "Ready", "Initialized", "ContainersReady")
                    .contains(type);
            if (!system) {
                errors.invalid("status.conditions[" + i + "].Type", type, Names.qualifiedName(type));
            }
        }
        if (!pod.getSpec().getNodeName().equals(old.getSpec().getNodeName())) {
            errors.forbidden("status.nodeName", "may not be changed directly");
        }
        nominated(errors, status.getNominatedNodeName(), before.getNominatedNodeName(), old.getSpec());
        if (status.getObservedGeneration() < 0) {
            errors.invalid(
                    "status.observedGeneration", status.getObservedGeneration(), "must be a non-negative integer");
        }
        errors.unchanged("status.qosClass", status.getQosClass(), before.getQosClass());
        stays(
                errors,
                status.getContainerStatusesList(),
                before.getContainerStatusesList(),
                restarts(old.getSpec(), old.getSpec().getContainersList()),
                "status.containerStatuses");
        stays(
                errors,
                status.getInitContainerStatusesList(),
                before.getInitContainerStatusesList(),
                restarts(old.getSpec(), old.getSpec().getInitContainersList()),
                "status.initContainerStatuses");
        stays(
                errors,
                status.getEphemeralContainerStatusesList(),
                before.getEphemeralContainerStatusesList(),
                terminated -> false,
                "status.ephemeralContainerStatuses");
        addresses(
                errors,
                status.getPodIPsList().stream().map(PodIP::getIp).toList(),
                before.getPodIPsList().stream().map(PodIP::getIp).toList(),
                "status.podIPs");
        addresses(
                errors,
                status.getHostIPsList().stream().map(HostIP::getIp).toList(),
                before.getHostIPsList().stream().map(HostIP::getIp).toList(),
                "status.hostIPs");
    }

    private static void nominated(Errors errors, String node, String before, PodSpec spec) {
        if (node.isEmpty() || node.equals(before)) {
            return;
        }
        errors.invalid("status.nominatedNodeName", node, Names.dns1123Subdomain(node));
        if (!spec.getNodeName().isEmpty()) {
            errors.forbidden("status.nominatedNodeName", "may not be set on pods that are already bound to a node");
        }
    }

    /** Whether a terminated container may run again. */
    private static Predicate<ContainerStatus> restarts(PodSpec spec, List<Container> containers) {
        Map<String, Container> byName = containers.stream()
                .collect(Collectors.toMap(Container::getName, each -> each, (first, second) -> first));
        return status -> {
            Container container = byName.get(status.getName());
            if (container == null) {
                return false;
            }
            int code = status.getState().getTerminated().getExitCode();
            String policy = container.hasRestartPolicy() ? container.getRestartPolicy() : spec.getRestartPolicy();
            // Rules beside the policy are not looked into: they may allow it.
            return container.getRestartPolicyRulesCount() > 0
                    || policy.equals("Always")
                    || (policy.equals("OnFailure") && code != 0);
        };
    }

    private static void stays(
            Errors errors,
            List<ContainerStatus> statuses,
            List<ContainerStatus> old,
            Predicate<ContainerStatus> mayRestart,
            String path) {
        for (int i = 0; i < old.size(); i++) {
            ContainerStatus before = old.get(i);
            if (!before.getState().hasTerminated() || mayRestart.test(before)) {
                continue;
            }
            boolean runs = statuses.stream()
                    .anyMatch(now -> now.getName().equals(before.getName())
                            && !now.getState().hasTerminated());
            if (runs) {
                errors.forbidden(path + "[" + i + "].state", "may not be transitioned to non-terminated state");
            }
        }
    }

    private static void addresses(Errors errors, List<String> addresses, List<String> old, String path) {
        boolean valid = true;
        for (int i = 0; i < addresses.size(); i++) {
            String at = path + "[" + i + "]";
            valid &= old.contains(addresses.get(i)) || Addresses.ip(errors, addresses.get(i), at);
        }
        boolean pair = addresses.size() == 2 && Addresses.isV6(addresses.get(0)) != Addresses.isV6(addresses.get(1));
        if (valid && addresses.size() > 1 && !pair) {
            errors.invalid(path, Errors.shown(addresses), "may specify no more than one IP for each IP family");
        }
    }
}
