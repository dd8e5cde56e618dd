package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.ContainerPort;
import io.jollyboat.api.core.v1.HostAlias;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodDNSConfig;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.PodTemplateSpec;
import io.jollyboat.values.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules of pods, and of pods' specs wherever they stand. */
final class PodRules {
    private PodRules() {}

    static void create(Errors errors, Pod pod) {
        meta(errors, pod);
        spec(errors, pod.getSpec(), "spec");
        onlyForPods(errors, pod.getSpec());
        if (pod.getSpec().getEphemeralContainersCount() > 0) {
            errors.forbidden("spec.ephemeralContainers", "cannot be set on create");
        }
        if (!pod.getSpec().getNodeName().isEmpty() && pod.getSpec().getSchedulingGatesCount() > 0) {
            errors.forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared");
        }
    }

    private static void meta(Errors errors, Pod pod) {
        MetaRules.check(errors, pod.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        boolean mirror = pod.getMetadata().containsAnnotations("kubernetes.io/config.mirror");
        if (mirror && pod.getSpec().getNodeName().isEmpty()) {
            errors.invalid(
                    "metadata.annotations[kubernetes.io/config.mirror]",
                    pod.getMetadata().getAnnotationsOrThrow("kubernetes.io/config.mirror"),
                    "must set spec.nodeName if mirror pod annotation is set");
        }
    }

    static void update(Errors errors, Pod pod, Pod old) {
        MetaRules.checkUpdate(errors, pod.getMetadata(), old.getMetadata(), "metadata");
        meta(errors, pod);
        spec(errors, pod.getSpec(), "spec");
        onlyForPods(errors, pod.getSpec());
        PodUpdateRules.check(errors, pod.getSpec(), old.getSpec());
    }

    private static void onlyForPods(Errors errors, PodSpec spec) {
        trimmed(errors, spec.getContainersList(), "spec.containers");
        trimmed(errors, spec.getInitContainersList(), "spec.initContainers");
    }

    private static void trimmed(Errors errors, List<Container> containers, String path) {
        for (int i = 0; i < containers.size(); i++) {
            String image = containers.get(i).getImage();
            if (!image.equals(image.strip())) {
                errors.invalid(path + "[" + i + "].image", image, "must not have leading or trailing whitespace");
            }
        }
    }

    /** A template's labels, annotations and spec. */
    static void template(Errors errors, PodTemplateSpec template, String path) {
        MetaRules.labels(errors, template.getMetadata().getLabelsMap(), path + ".labels");
        MetaRules.annotations(errors, template.getMetadata().getAnnotationsMap(), path + ".annotations");
        spec(errors, template.getSpec(), path + ".spec");
        if (template.getSpec().getEphemeralContainersCount() > 0) {
            errors.forbidden(path + ".spec.ephemeralContainers", "ephemeral containers not allowed in pod template");
        }
    }

    static void spec(Errors errors, PodSpec spec, String path) {
        if (!spec.hasTerminationGracePeriodSeconds()) {
            errors.required(path + ".terminationGracePeriodSeconds");
        }
        Map<String, Boolean> volumes = VolumeRules.check(errors, spec.getVolumesList(), path + ".volumes");
        containers(errors, spec, volumes, path + ".containers");
        initContainers(errors, spec, volumes, path + ".initContainers");
        hostNetworkPorts(errors, spec, path + ".containers");
        if (spec.getRestartPolicy().isEmpty()) {
            errors.required(path + ".restartPolicy");
        } else {
            errors.oneOf(path + ".restartPolicy", spec.getRestartPolicy(), "Always", "OnFailure", "Never");
        }
        if (spec.getDnsPolicy().isEmpty()) {
            errors.required(path + ".dnsPolicy");
        } else {
            errors.oneOf(
                    path + ".dnsPolicy",
                    spec.getDnsPolicy(),
                    "ClusterFirstWithHostNet",
                    "ClusterFirst",
                    "Default",
                    "None");
        }
        MetaRules.labels(errors, spec.getNodeSelectorMap(), path + ".nodeSelector");
        SecurityRules.pod(errors, spec, path + ".securityContext");
        SchedulingRules.affinity(errors, spec.getAffinity(), path + ".affinity");
        dnsConfig(errors, spec, path + ".dnsConfig");
        for (int i = 0; i < spec.getReadinessGatesCount(); i++) {
            String type = spec.getReadinessGates(i).getConditionType();
            errors.invalid(path + ".readinessGates[" + i + "].conditionType", type, Names.qualifiedName(type));
        }
        schedulingGates(errors, spec, path + ".schedulingGates");
        SchedulingRules.spread(errors, spec.getTopologySpreadConstraintsList(), path + ".topologySpreadConstraints");
        hostUsers(errors, spec, path);
        names(errors, spec, path);
        SchedulingRules.tolerations(errors, spec.getTolerationsList(), path + ".tolerations");
        hostAliases(errors, spec.getHostAliasesList(), path + ".hostAliases");
        if (!spec.getPriorityClassName().isEmpty()) {
            errors.invalid(
                    path + ".priorityClassName",
                    spec.getPriorityClassName(),
                    Names.dns1123Subdomain(spec.getPriorityClassName()));
        }
        if (spec.hasRuntimeClassName()) {
            errors.invalid(
                    path + ".runtimeClassName",
                    spec.getRuntimeClassName(),
                    Names.dns1123Subdomain(spec.getRuntimeClassName()));
        }
        if (spec.hasPreemptionPolicy()) {
            errors.oneOf(path + ".preemptionPolicy", spec.getPreemptionPolicy(), "PreemptLowerPriority", "Never");
        }
        if (spec.hasOs()) {
            errors.oneOf(path + ".os", spec.getOs().getName(), "linux", "windows");
        }
    }

    private static void names(Errors errors, PodSpec spec, String path) {
        if (!spec.getServiceAccountName().isEmpty()) {
            errors.invalid(
                    path + ".serviceAccountName",
                    spec.getServiceAccountName(),
                    Names.dns1123Subdomain(spec.getServiceAccountName()));
        }
        if (!spec.getNodeName().isEmpty()) {
            errors.invalid(path + ".nodeName", spec.getNodeName(), Names.dns1123Subdomain(spec.getNodeName()));
        }
        if (spec.hasActiveDeadlineSeconds()) {
            errors.invalid(
                    path + ".activeDeadlineSeconds",
                    spec.getActiveDeadlineSeconds(),
                    Names.inRange(spec.getActiveDeadlineSeconds(), 1, Integer.MAX_VALUE));
        }
        if (!spec.getHostname().isEmpty()) {
            errors.invalid(path + ".hostname", spec.getHostname(), Names.dns1123Label(spec.getHostname()));
        }
        if (!spec.getSubdomain().isEmpty()) {
            errors.invalid(path + ".subdomain", spec.getSubdomain(), Names.dns1123Label(spec.getSubdomain()));
        }
    }

    private static void containers(Errors errors, PodSpec spec, Map<String, Boolean> volumes, String path) {
        if (spec.getContainersCount() == 0) {
            errors.required(path);
            return;
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < spec.getContainersCount(); i++) {
            Container container = spec.getContainers(i);
            String at = path + "[" + i + "]";
            ContainerRules.check(errors, container, volumes, at);
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
            ContainerRules.lifecycle(errors, container, graceSeconds, path + ".lifecycle");
        }
        if (container.hasLivenessProbe()) {
            ContainerRules.probe(errors, container.getLivenessProbe(), path + ".livenessProbe", true);
        }
        if (container.hasReadinessProbe()) {
            ContainerRules.probe(errors, container.getReadinessProbe(), path + ".readinessProbe", false);
        }
        if (container.hasStartupProbe()) {
            ContainerRules.probe(errors, container.getStartupProbe(), path + ".startupProbe", true);
        }
    }

    private static void initContainers(Errors errors, PodSpec spec, Map<String, Boolean> volumes, String path) {
        Set<String> names = new HashSet<>();
        spec.getContainersList().forEach(container -> names.add(container.getName()));
        for (int i = 0; i < spec.getInitContainersCount(); i++) {
            Container container = spec.getInitContainers(i);
            String at = path + "[" + i + "]";
            ContainerRules.check(errors, container, volumes, at);
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

    private static void hostNetworkPorts(Errors errors, PodSpec spec, String path) {
        for (int i = 0; spec.getHostNetwork() && i < spec.getContainersCount(); i++) {
            for (int j = 0; j < spec.getContainers(i).getPortsCount(); j++) {
                ContainerPort port = spec.getContainers(i).getPorts(j);
                if (port.getHostPort() != port.getContainerPort()) {
                    errors.invalid(
                            path + "[" + i + "].ports[" + j + "].hostPort",
                            port.getHostPort(),
                            "must match `containerPort` when `hostNetwork` is true");
                }
            }
        }
    }

    private static void dnsConfig(Errors errors, PodSpec spec, String path) {
        PodDNSConfig config = spec.getDnsConfig();
        boolean none = spec.getDnsPolicy().equals("None");
        if (none && !spec.hasDnsConfig()) {
            errors.required(path, "must provide `dnsConfig` when `dnsPolicy` is None");
            return;
        }
        if (none && config.getNameserversCount() == 0) {
            errors.required(path + ".nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None");
        }
        if (config.getNameserversCount() > 3) {
            errors.invalid(
                    path + ".nameservers",
                    Errors.bare("[\"" + String.join("\",\"", config.getNameserversList()) + "\"]"),
                    "must not have more than 3 nameservers");
        }
        for (int i = 0; i < config.getNameserversCount(); i++) {
            Addresses.ip(errors, config.getNameservers(i), path + ".nameservers[" + i + "]");
        }
        for (int i = 0; i < config.getSearchesCount(); i++) {
            String search = config.getSearches(i);
            String plain = search.endsWith(".") ? search.substring(0, search.length() - 1) : search;
            if (!search.equals(".")) {
                errors.invalid(path + ".searches[" + i + "]", search, Names.dns1123Subdomain(plain.replace('_', 'a')));
            }
        }
        for (int i = 0; i < config.getOptionsCount(); i++) {
            if (config.getOptions(i).getName().isEmpty()) {
                errors.required(path + ".options[" + i + "]", "must not be empty");
            }
        }
    }

    private static void schedulingGates(Errors errors, PodSpec spec, String path) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < spec.getSchedulingGatesCount(); i++) {
            String name = spec.getSchedulingGates(i).getName();
            String at = path + "[" + i + "]";
            errors.invalid(at, name, Names.qualifiedName(name));
            if (!names.add(name)) {
                errors.duplicate(at, name);
            }
        }
    }

    private static void hostUsers(Errors errors, PodSpec spec, String path) {
        if (!spec.hasHostUsers() || spec.getHostUsers()) {
            return;
        }
        if (spec.getHostNetwork()) {
            errors.forbidden(path + ".hostNetwork", "when `hostUsers` is false");
        }
        if (spec.getHostPID()) {
            errors.forbidden(path + ".HostPID", "when `hostUsers` is false");
        }
        if (spec.getHostIPC()) {
            errors.forbidden(path + ".HostIPC", "when `hostUsers` is false");
        }
    }

    private static void hostAliases(Errors errors, List<HostAlias> aliases, String path) {
        for (int i = 0; i < aliases.size(); i++) {
            String at = path + "[" + i + "]";
            Addresses.ip(errors, aliases.get(i).getIp(), at + ".ip");
            for (int j = 0; j < aliases.get(i).getHostnamesCount(); j++) {
                String name = aliases.get(i).getHostnames(j);
                errors.invalid(at + ".hostnames[" + j + "]", name, Names.dns1123Subdomain(name));
            }
        }
    }
}
