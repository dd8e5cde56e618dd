package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.ContainerPort;
import io.jollyboat.api.core.v1.PodSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules of a pod's containers beside each other. */
final class PodContainerRules {
    private PodContainerRules() {}

    static void onlyForPods(Errors errors, PodSpec spec) {
        trimmed(errors, spec.getContainersList(), "spec.containers");
        trimmed(errors, spec.getInitContainersList(), "spec.initContainers");
    }

    private static void trimmed(Errors errors, List<Container> containers, String path) {
        for (int i = 0; i < containers.size(); i++) {
            trimmed(errors, containers.get(i), path + "[" + i + "]");
        }
    }

    static void trimmed(Errors errors, Container container, String path) {
        String image = container.getImage();
        if (!image.equals(image.strip())) {
            errors.invalid(path + ".image", image, "must not have leading or trailing whitespace");
        }
    }

    static void containers(Errors errors, PodSpec spec, Map<String, Boolean> volumes, Set<String> claims, String path) {
        if (spec.getContainersCount() == 0) {
            errors.required(path);
            return;
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < spec.getContainersCount(); i++) {
            Container container = spec.getContainers(i);
            String at = path + "[" + i + "]";
            ContainerRules.check(errors, container, volumes, claims, at);
            if (!names.add(container.getName())) {
                errors.duplicate(at + ".name", container.getName());
            }
            running(errors, container, spec.getTerminationGracePeriodSeconds(), at);
        }
        hostPorts(errors, spec.getContainersList(), path);
    }

    /** Life-cycle hooks and probes, which containers have that run beside each other. */
    private static void running(Errors errors, Container container, long graceSeconds, String path) {
        if (container.hasLifecycle()) {
            ProbeRules.lifecycle(errors, container, graceSeconds, path + ".lifecycle");
        }
        if (container.hasLivenessProbe()) {
            ProbeRules.probe(errors, container.getLivenessProbe(), path + ".livenessProbe", true);
        }
        if (container.hasReadinessProbe()) {
            ProbeRules.probe(errors, container.getReadinessProbe(), path + ".readinessProbe", false);
        }
        if (container.hasStartupProbe()) {
            ProbeRules.probe(errors, container.getStartupProbe(), path + ".startupProbe", true);
        }
    }

    static void initContainers(
            Errors errors, PodSpec spec, Map<String, Boolean> volumes, Set<String> claims, String path) {
        Set<String> names = new HashSet<>();
        spec.getContainersList().forEach(container -> names.add(container.getName()));
        for (int i = 0; i < spec.getInitContainersCount(); i++) {
            Container container = spec.getInitContainers(i);
            String at = path + "[" + i + "]";
            ContainerRules.check(errors, container, volumes, claims, at);
            if (container.hasRestartPolicy()) {
                errors.oneOf(at + ".restartPolicy", container.getRestartPolicy(), "Always", "Never", "OnFailure");
            }
            if (!names.add(container.getName())) {
                errors.duplicate(at + ".name", container.getName());
            }
            hostPorts(errors, List.of(container), path);
            if (container.getRestartPolicy().equals("Always")) {
                running(errors, container, spec.getTerminationGracePeriodSeconds(), at);
                continue;
            }
            List<String> set = new ArrayList<>();
            if (container.hasLifecycle()) {
                set.add("lifecycle");
            }
            if (container.hasLivenessProbe()) {
                set.add("livenessProbe");
            }
            if (container.hasReadinessProbe()) {
                set.add("readinessProbe");
            }
            if (container.hasStartupProbe()) {
                set.add("startupProbe");
            }
            set.forEach(field -> errors.forbidden(
                    at + "." + field, "may not be set for init containers without restartPolicy=Always"));
        }
    }

    private static void hostPorts(Errors errors, List<Container> containers, String path) {
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < containers.size(); i++) {
            for (int j = 0; j < containers.get(i).getPortsCount(); j++) {
                ContainerPort port = containers.get(i).getPorts(j);
                String key = port.getProtocol() + "/" + port.getHostIP() + "/" + port.getHostPort();
                if (port.getHostPort() != 0 && !taken.add(key)) {
                    errors.duplicate(
                            path + "[" + i + "].ports[" + j + "].hostPort",
                            port.getProtocol() + "/" + port.getHostIP() + "/" + port.getHostPort());
                }
            }
        }
    }

    /** @param whole whether it is a pod's: in a template the port of the host may be missing still */
    static void hostNetworkPorts(Errors errors, PodSpec spec, boolean whole, String path) {
        for (int i = 0; spec.getHostNetwork() && i < spec.getContainersCount(); i++) {
            for (int j = 0; j < spec.getContainers(i).getPortsCount(); j++) {
                ContainerPort port = spec.getContainers(i).getPorts(j);
                boolean missing = port.getHostPort() == 0 && !whole;
                if (!missing && port.getHostPort() != port.getContainerPort()) {
                    errors.invalid(
                            path + "[" + i + "].ports[" + j + "].hostPort",
                            port.getHostPort(),
                            "must match `containerPort` when `hostNetwork` is true");
                }
            }
        }
    }
}
