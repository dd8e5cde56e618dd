package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.PodTemplate;
import io.jollyboat.api.core.v1.PodTemplateSpec;
import io.jollyboat.values.Names;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The rules of pods, and of pods' specs wherever they stand. */
final class PodRules {
    private PodRules() {}

    static void create(Errors errors, Pod pod) {
        meta(errors, pod);
        spec(errors, pod.getSpec(), true, "spec");
        PodContainerRules.onlyForPods(errors, pod.getSpec());
        if (pod.getSpec().getEphemeralContainersCount() > 0) {
            errors.forbidden("spec.ephemeralContainers", "cannot be set on create");
        }
        if (!pod.getSpec().getNodeName().isEmpty() && pod.getSpec().getSchedulingGatesCount() > 0) {
            errors.forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared");
        }
    }

    private static void meta(Errors errors, Pod pod) {
        MetaRules.check(errors, pod.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        PodAnnotationRules.check(errors, pod);
    }

    static void podTemplate(Errors errors, PodTemplate template) {
        MetaRules.check(errors, template.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        template(errors, template.getTemplate(), "template");
    }

    static void update(Errors errors, Pod pod, Pod old) {
        whole(errors, pod, old);
        PodUpdateRules.check(errors, pod.getSpec(), old.getSpec());
    }

    /** What holds for a changed pod whatever of it may change. */
    static void whole(Errors errors, Pod pod, Pod old) {
        MetaRules.checkUpdate(errors, pod.getMetadata(), old.getMetadata(), "metadata");
        meta(errors, pod);
        spec(errors, pod.getSpec(), true, "spec");
        PodContainerRules.onlyForPods(errors, pod.getSpec());
    }

    /** A template's labels, annotations and spec. */
    static void template(Errors errors, PodTemplateSpec template, String path) {
        MetaRules.labels(errors, template.getMetadata().getLabelsMap(), path + ".labels");
        MetaRules.annotations(errors, template.getMetadata().getAnnotationsMap(), path + ".annotations");
        spec(errors, template.getSpec(), false, path + ".spec");
        if (template.getSpec().getEphemeralContainersCount() > 0) {
            errors.forbidden(path + ".spec.ephemeralContainers", "ephemeral containers not allowed in pod template");
        }
    }

    /** @param whole whether it is a pod's and not a template's */
    private static void spec(Errors errors, PodSpec spec, boolean whole, String path) {
        if (!spec.hasTerminationGracePeriodSeconds()) {
            errors.required(path + ".terminationGracePeriodSeconds");
        }
        Map<String, Boolean> volumes = VolumeRules.check(errors, spec.getVolumesList(), path + ".volumes");
        Set<String> claims = PodResourceRules.claims(errors, spec, path + ".resourceClaims");
        PodContainerRules.containers(errors, spec, volumes, claims, path + ".containers");
        PodContainerRules.initContainers(errors, spec, volumes, claims, path + ".initContainers");
        EphemeralContainerRules.check(errors, spec, volumes, claims, path + ".ephemeralContainers");
        if (spec.hasResources()) {
            PodResourceRules.check(errors, spec, path + ".resources");
        }
        PodContainerRules.hostNetworkPorts(errors, spec, whole, path + ".containers");
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
        PodNetworkRules.dnsConfig(errors, spec, path + ".dnsConfig");
        for (int i = 0; i < spec.getReadinessGatesCount(); i++) {
            String type = spec.getReadinessGates(i).getConditionType();
            errors.invalid(path + ".readinessGates[" + i + "].conditionType", type, Names.qualifiedName(type));
        }
        schedulingGates(errors, spec, path + ".schedulingGates");
        SchedulingRules.spread(errors, spec.getTopologySpreadConstraintsList(), path + ".topologySpreadConstraints");
        PodNetworkRules.hostUsers(errors, spec, path);
        names(errors, spec, path);
        SchedulingRules.tolerations(errors, spec.getTolerationsList(), path + ".tolerations");
        PodNetworkRules.hostAliases(errors, spec.getHostAliasesList(), path + ".hostAliases");
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
            WindowsRules.check(errors, spec, path);
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
}
