package io.jollyboat.apiserver.validation;

import io.jollyboat.api.networking.v1.HTTPIngressPath;
import io.jollyboat.api.networking.v1.Ingress;
import io.jollyboat.api.networking.v1.IngressBackend;
import io.jollyboat.api.networking.v1.IngressLoadBalancerIngress;
import io.jollyboat.api.networking.v1.IngressRule;
import io.jollyboat.api.networking.v1.IngressServiceBackend;
import io.jollyboat.values.Names;
import java.util.List;

/** The rules of ingresses. */
final class IngressRules {
    private IngressRules() {}

    static void statusUpdate(Errors errors, Ingress ingress, Ingress old) {
        MetaRules.checkUpdate(errors, ingress.getMetadata(), old.getMetadata(), "metadata");
        List<IngressLoadBalancerIngress> balancers =
                ingress.getStatus().getLoadBalancer().getIngressList();
        for (int i = 0; i < balancers.size(); i++) {
            String at = "status.loadBalancer.ingress[" + i + "]";
            if (!balancers.get(i).getIp().isEmpty()) {
                Addresses.ip(errors, balancers.get(i).getIp(), at + ".ip");
            }
            String host = balancers.get(i).getHostname();
            if (!host.isEmpty()) {
                errors.invalid(at + ".hostname", host, Names.dns1123Subdomain(host));
                if (Addresses.parse(host) != null) {
                    errors.invalid(at + ".hostname", host, "must be a DNS name, not an IP address");
                }
            }
        }
    }

    static void ingress(Errors errors, Ingress ingress) {
        MetaRules.check(errors, ingress.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        if (ingress.getSpec().getRulesCount() == 0 && !ingress.getSpec().hasDefaultBackend()) {
            errors.invalid("spec", Errors.bare("null"), "either `defaultBackend` or `rules` must be specified");
        }
        if (ingress.getSpec().hasDefaultBackend()) {
            backend(errors, ingress.getSpec().getDefaultBackend(), "spec.defaultBackend");
        }
        for (int i = 0; i < ingress.getSpec().getRulesCount(); i++) {
            rule(errors, ingress.getSpec().getRules(i), "spec.rules[" + i + "]");
        }
        for (int i = 0; i < ingress.getSpec().getTlsCount(); i++) {
            String at = "spec.tls[" + i + "]";
            for (int j = 0; j < ingress.getSpec().getTls(i).getHostsCount(); j++) {
                String host = ingress.getSpec().getTls(i).getHosts(j);
                errors.invalid(
                        at + ".hosts[" + j + "]",
                        host,
                        host.contains("*") ? Names.wildcardSubdomain(host) : Names.dns1123Subdomain(host));
            }
            String secret = ingress.getSpec().getTls(i).getSecretName();
            if (!secret.isEmpty()) {
                errors.invalid(at + ".secretName", secret, Names.dns1123Subdomain(secret));
            }
        }
        if (ingress.getSpec().hasIngressClassName()) {
            String name = ingress.getSpec().getIngressClassName();
            errors.invalid("spec.ingressClassName", name, Names.dns1123Subdomain(name));
        }
    }

    private static void rule(Errors errors, IngressRule rule, String path) {
        String host = rule.getHost();
        if (!host.isEmpty()) {
            if (Addresses.parse(host) != null) {
                errors.invalid(path + ".host", host, "must be a DNS name, not an IP address");
            } else {
                errors.invalid(
                        path + ".host",
                        host,
                        host.contains("*") ? Names.wildcardSubdomain(host) : Names.dns1123Subdomain(host));
            }
        }
        if (!rule.getIngressRuleValue().hasHttp()) {
            return;
        }
        List<HTTPIngressPath> paths = rule.getIngressRuleValue().getHttp().getPathsList();
        if (paths.isEmpty()) {
            errors.required(path + ".http.paths");
        }
        for (int i = 0; i < paths.size(); i++) {
            path(errors, paths.get(i), path + ".http.paths[" + i + "]");
        }
    }

    private static void path(Errors errors, HTTPIngressPath path, String at) {
        if (!path.hasPathType()) {
            errors.required(at + ".pathType", "pathType must be specified");
            return;
        }
        switch (path.getPathType()) {
            case "Exact", "Prefix" -> {
                if (!path.getPath().startsWith("/")) {
                    errors.invalid(at + ".path", path.getPath(), "must be an absolute path");
                }
                for (String banned : List.of("//", "/./", "/../", "%2f", "%2F")) {
                    if (path.getPath().contains(banned)) {
                        errors.invalid(at + ".path", path.getPath(), "must not contain '" + banned + "'");
                    }
                }
                for (String banned : List.of("/..", "/.")) {
                    if (path.getPath().endsWith(banned)) {
                        errors.invalid(at + ".path", path.getPath(), "cannot end with '" + banned + "'");
                    }
                }
            }
            case "ImplementationSpecific" -> {
                if (!path.getPath().isEmpty() && !path.getPath().startsWith("/")) {
                    errors.invalid(at + ".path", path.getPath(), "must be an absolute path");
                }
            }
            default ->
                errors.notSupported(
                        at + ".pathType", path.getPathType(), List.of("Exact", "ImplementationSpecific", "Prefix"));
        }
        backend(errors, path.getBackend(), at + ".backend");
    }

    private static void backend(Errors errors, IngressBackend backend, String path) {
        if (backend.hasResource() && backend.hasService()) {
            errors.invalid(path, "", "cannot set both resource and service backends");
            return;
        }
        if (backend.hasService()) {
            IngressServiceBackend service = backend.getService();
            if (service.getName().isEmpty()) {
                errors.required(path + ".service.name");
            } else {
                errors.invalid(path + ".service.name", service.getName(), Names.dns1123Label(service.getName()));
            }
            boolean named = !service.getPort().getName().isEmpty();
            boolean numbered = service.getPort().getNumber() != 0;
            if (named && numbered) {
                errors.invalid(path, "", "cannot set both port name & port number");
            } else if (named) {
                errors.invalid(
                        path + ".service.port.name",
                        service.getPort().getName(),
                        Names.portName(service.getPort().getName()));
            } else if (numbered) {
                errors.invalid(
                        path + ".service.port.number",
                        service.getPort().getNumber(),
                        Names.portNumber(service.getPort().getNumber()));
            } else {
                errors.required(path, "port name or number is required");
            }
        } else if (backend.hasResource()) {
            errors.present(path + ".resource.kind", backend.getResource().getKind());
            errors.present(path + ".resource.name", backend.getResource().getName());
        } else {
            errors.invalid(path, "", "resource or service backend is required");
        }
    }
}
