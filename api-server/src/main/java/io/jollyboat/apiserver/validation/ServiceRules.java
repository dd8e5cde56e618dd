package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServiceSpec;
import io.jollyboat.values.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of services; what addresses and ports are free is allocation's to say. */
final class ServiceRules {
    private ServiceRules() {}

    static void create(Errors errors, Service service) {
        MetaRules.check(errors, service.getMetadata(), true, "metadata", Names::dns1123Label);
        spec(errors, withAddresses(service.getSpec()));
    }

    /** The old field for one address counts as the first of the new one. */
    private static ServiceSpec withAddresses(ServiceSpec spec) {
        return spec.getClusterIPsCount() == 0 && !spec.getClusterIP().isEmpty()
                ? spec.toBuilder().addClusterIPs(spec.getClusterIP()).build()
                : spec;
    }

    static void update(Errors errors, Service service, Service old) {
        MetaRules.checkUpdate(errors, service.getMetadata(), old.getMetadata(), "metadata");
        ServiceSpec spec = service.getSpec();
        ServiceSpec before = old.getSpec();
        boolean kept =
                !spec.getType().equals("ExternalName") && !before.getType().equals("ExternalName");
        if (kept && before.getClusterIPsCount() > 0 && !before.getClusterIPs(0).isEmpty()) {
            if (spec.getClusterIPsCount() == 0) {
                errors.invalid("spec.clusterIPs[0]", Errors.bare("null"), "primary clusterIP can not be unset");
            } else if (!spec.getClusterIPs(0).equals(before.getClusterIPs(0))) {
                errors.invalid("spec.clusterIPs[0]", Errors.shown(spec.getClusterIPsList()), "may not change once set");
            }
        }
        boolean balanced =
                spec.getType().equals("LoadBalancer") && before.getType().equals("LoadBalancer");
        if (balanced && !spec.getLoadBalancerClass().equals(before.getLoadBalancerClass())) {
            errors.invalid("spec.loadBalancerClass", spec.getLoadBalancerClass(), "may not change once set");
        }
        if (!spec.getType().equals("LoadBalancer")
                && !spec.getLoadBalancerClass().isEmpty()) {
            errors.forbidden("spec.loadBalancerClass", "may only be used when `type` is 'LoadBalancer'");
        }
        spec(errors, withAddresses(spec));
    }

    private static void spec(Errors errors, ServiceSpec spec) {
        boolean external = spec.getType().equals("ExternalName");
        boolean headless =
                spec.getClusterIPsCount() > 0 && spec.getClusterIPs(0).equals("None");
        boolean balanced = spec.getType().equals("LoadBalancer");
        if (spec.getPortsCount() == 0 && !headless && !external) {
            errors.required("spec.ports");
        }
        type(errors, spec, headless);
        ServicePortRules.check(errors, spec);
        if (spec.getSelectorCount() > 0) {
            MetaRules.labels(errors, spec.getSelectorMap(), "spec.selector");
        }
        affinity(errors, spec);
        addresses(errors, spec);
        for (int i = 0; i < spec.getExternalIPsCount(); i++) {
            String at = "spec.externalIPs[" + i + "]";
            if (Addresses.ip(errors, spec.getExternalIPs(i), at)) {
                Addresses.usable(errors, spec.getExternalIPs(i), at);
            }
        }
        if (spec.getType().isEmpty()) {
            errors.required("spec.type");
        } else {
            errors.oneOf("spec.type", spec.getType(), "ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
        }
        ServicePortRules.nodePorts(errors, spec);
        ServicePortRules.unique(errors, spec);
        sourceRanges(errors, spec, balanced);
        if (spec.hasAllocateLoadBalancerNodePorts() && !balanced) {
            errors.forbidden("spec.allocateLoadBalancerNodePorts", "may only be used when `type` is 'LoadBalancer'");
        }
        if (!spec.getLoadBalancerClass().isEmpty()) {
            if (balanced) {
                errors.invalid(
                        "spec.loadBalancerClass",
                        spec.getLoadBalancerClass(),
                        Names.qualifiedName(spec.getLoadBalancerClass()));
            } else {
                errors.forbidden("spec.loadBalancerClass", "may only be used when `type` is 'LoadBalancer'");
            }
        }
        traffic(errors, spec, balanced);
    }

    private static void type(Errors errors, ServiceSpec spec, boolean headless) {
        switch (spec.getType()) {
            case "NodePort", "LoadBalancer" -> {
                if (headless) {
                    errors.invalid(
                            "spec.clusterIPs[0]",
                            "None",
                            "may not be set to 'None' for " + spec.getType() + " services");
                }
            }
            case "ExternalName" -> {
                if (spec.getClusterIPsCount() > 0) {
                    errors.forbidden("spec.clusterIPs", "may not be set for ExternalName services");
                }
                if (spec.getIpFamiliesCount() > 0) {
                    errors.forbidden("spec.ipFamilies", "may not be set for ExternalName services");
                }
                if (spec.hasIpFamilyPolicy()) {
                    errors.forbidden("spec.ipFamilyPolicy", "may not be set for ExternalName services");
                }
                String name = spec.getExternalName();
                if (name.isEmpty()) {
                    errors.required("spec.externalName");
                } else {
                    String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
                    errors.invalid("spec.externalName", name, Names.dns1123Subdomain(plain));
                }
            }
            default -> {
                // Others need nothing beside what all need.
            }
        }
    }

    private static void affinity(Errors errors, ServiceSpec spec) {
        String path = "spec.sessionAffinity";
        if (spec.getSessionAffinity().isEmpty()) {
            errors.required(path);
            return;
        }
        errors.oneOf(path, spec.getSessionAffinity(), "ClientIP", "None");
        if (spec.getSessionAffinity().equals("ClientIP")) {
            int seconds = spec.getSessionAffinityConfig().getClientIP().getTimeoutSeconds();
            if (seconds <= 0 || seconds > 86_400) {
                errors.invalid(
                        path + "Config.clientIP.timeoutSeconds", seconds, "must be greater than 0 and less than 86400");
            }
        } else if (spec.getSessionAffinity().equals("None") && spec.hasSessionAffinityConfig()) {
            errors.forbidden(path + "Config", "must not be set when session affinity is None");
        }
    }

    private static void addresses(Errors errors, ServiceSpec spec) {
        if (spec.getType().equals("ExternalName")) {
            return;
        }
        Set<String> families = new HashSet<>();
        for (int i = 0; i < spec.getIpFamiliesCount(); i++) {
            String family = spec.getIpFamilies(i);
            errors.oneOf("spec.ipFamilies[" + i + "]", family, "IPv4", "IPv6");
            if (!families.add(family)) {
                errors.duplicate("spec.ipFamilies[" + i + "]", family);
            }
        }
        if (spec.hasIpFamilyPolicy()) {
            errors.oneOf(
                    "spec.ipFamilyPolicy",
                    spec.getIpFamilyPolicy(),
                    "PreferDualStack",
                    "RequireDualStack",
                    "SingleStack");
        }
        List<String> ips = spec.getClusterIPsList();
        boolean differ = !ips.isEmpty()
                && !spec.getClusterIP().isEmpty()
                && !ips.getFirst().equals(spec.getClusterIP());
        if (differ) {
            errors.invalid(
                    "spec.clusterIPs",
                    Errors.bare("[\"" + String.join("\",\"", ips) + "\"]"),
                    "first value must match `clusterIP`");
        }
        for (int i = 0; i < ips.size(); i++) {
            boolean none = ips.get(i).equals("None");
            String at = "spec.clusterIPs[" + i + "]";
            if ((none && i == 0) || ips.get(i).isEmpty() || !Addresses.ip(errors, ips.get(i), at)) {
                continue;
            }
            String family = Addresses.isV6(ips.get(i)) ? "IPv6" : "IPv4";
            if (i < spec.getIpFamiliesCount() && !family.equals(spec.getIpFamilies(i))) {
                errors.invalid(
                        at,
                        ips.get(i),
                        "expected an " + spec.getIpFamilies(i) + " value as indicated by `ipFamilies[" + i + "]`");
            }
        }
    }

    private static void sourceRanges(Errors errors, ServiceSpec spec, boolean balanced) {
        if (spec.getLoadBalancerSourceRangesCount() > 0 && !balanced) {
            errors.forbidden("spec.LoadBalancerSourceRanges", "may only be used when `type` is 'LoadBalancer'");
            return;
        }
        for (int i = 0; i < spec.getLoadBalancerSourceRangesCount(); i++) {
            Addresses.cidr(
                    errors, spec.getLoadBalancerSourceRanges(i).strip(), "spec.LoadBalancerSourceRanges[" + i + "]");
        }
    }

    private static void traffic(Errors errors, ServiceSpec spec, boolean balanced) {
        boolean outside = balanced
                || spec.getType().equals("NodePort")
                || (spec.getType().equals("ClusterIP") && spec.getExternalIPsCount() > 0);
        String policy = spec.getExternalTrafficPolicy();
        if (!outside && !policy.isEmpty()) {
            errors.invalid("spec.externalTrafficPolicy", policy, "may only be set for externally-accessible services");
        } else if (outside && policy.isEmpty()) {
            errors.required("spec.externalTrafficPolicy");
        } else if (outside) {
            errors.oneOf("spec.externalTrafficPolicy", policy, "Cluster", "Local");
        }
        int check = spec.getHealthCheckNodePort();
        if (check != 0 && !(balanced && policy.equals("Local"))) {
            errors.invalid(
                    "spec.healthCheckNodePort",
                    check,
                    "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
        }
        if (spec.hasInternalTrafficPolicy()) {
            errors.oneOf("spec.internalTrafficPolicy", spec.getInternalTrafficPolicy(), "Cluster", "Local");
        }
        if (spec.hasTrafficDistribution()) {
            errors.oneOf(
                    "spec.trafficDistribution",
                    spec.getTrafficDistribution(),
                    "PreferClose",
                    "PreferSameZone",
                    "PreferSameNode");
        }
    }
}
