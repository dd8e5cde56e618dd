package io.jollyboat.apiserver.validation;

import io.jollyboat.api.discovery.v1.Endpoint;
import io.jollyboat.api.discovery.v1.EndpointPort;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.api.networking.v1.HTTPIngressPath;
import io.jollyboat.api.networking.v1.Ingress;
import io.jollyboat.api.networking.v1.IngressBackend;
import io.jollyboat.api.networking.v1.IngressRule;
import io.jollyboat.api.networking.v1.IngressServiceBackend;
import io.jollyboat.api.networking.v1.NetworkPolicy;
import io.jollyboat.api.networking.v1.NetworkPolicyPeer;
import io.jollyboat.api.networking.v1.NetworkPolicyPort;
import io.jollyboat.values.IntOrStrings;
import io.jollyboat.values.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of endpoint slices, ingresses and network policies. */
final class NetworkRules {
    private NetworkRules() {}

    static void endpointSlice(Errors errors, EndpointSlice slice) {
        MetaRules.check(errors, slice.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        if (slice.getAddressType().isEmpty()) {
            errors.required("addressType");
        } else {
            errors.oneOf("addressType", slice.getAddressType(), "FQDN", "IPv4", "IPv6");
        }
        // Unlike upstream's: an embedded API server may have no other address than a loopback one.
        boolean own = slice.getMetadata().getNamespace().equals("default")
                && slice.getMetadata().getName().equals("kubernetes");
        for (int i = 0; i < slice.getEndpointsCount(); i++) {
            endpoint(errors, slice.getEndpoints(i), slice.getAddressType(), own, "endpoints[" + i + "]");
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < slice.getPortsCount(); i++) {
            EndpointPort port = slice.getPorts(i);
            String at = "ports[" + i + "]";
            if (!port.getName().isEmpty()) {
                errors.invalid(at + ".name", port.getName(), Names.dns1123Label(port.getName()));
            }
            if (!names.add(port.getName())) {
                errors.duplicate(at + ".name", port.getName());
            }
            errors.oneOf(at + ".protocol", port.getProtocol(), "SCTP", "TCP", "UDP");
            if (port.hasAppProtocol()) {
                errors.invalid(at + ".appProtocol", port.getAppProtocol(), Names.qualifiedName(port.getAppProtocol()));
            }
        }
    }

    private static void endpoint(Errors errors, Endpoint endpoint, String type, boolean own, String path) {
        if (endpoint.getAddressesCount() == 0) {
            errors.required(path + ".addresses", "must contain at least 1 address");
        }
        for (int i = 0; i < endpoint.getAddressesCount(); i++) {
            String address = endpoint.getAddresses(i);
            String at = path + ".addresses[" + i + "]";
            switch (type) {
                case "IPv4", "IPv6" -> {
                    boolean six = type.equals("IPv6");
                    if (Addresses.ip(errors, address, at)) {
                        if (Addresses.isV6(address) != six) {
                            errors.invalid(path + ".addresses", address, "must be an " + type + " address");
                        } else if (!own) {
                            Addresses.usable(errors, address, at);
                        }
                    }
                }
                case "FQDN" -> errors.invalid(at, address, Names.dns1123Subdomain(address));
                default -> {
                    // Said already.
                }
            }
        }
        if (endpoint.hasNodeName()) {
            errors.invalid(path + ".nodeName", endpoint.getNodeName(), Names.dns1123Subdomain(endpoint.getNodeName()));
        }
        if (endpoint.hasHostname()) {
            errors.invalid(path + ".hostname", endpoint.getHostname(), Names.dns1123Label(endpoint.getHostname()));
        }
        for (int i = 0; i < endpoint.getHints().getForZonesCount(); i++) {
            String zone = endpoint.getHints().getForZones(i).getName();
            errors.invalid(path + ".hints.forZones[" + i + "].name", zone, Names.labelValue(zone));
        }
    }

    static void endpointSliceUpdate(Errors errors, EndpointSlice slice, EndpointSlice old) {
        MetaRules.checkUpdate(errors, slice.getMetadata(), old.getMetadata(), "metadata");
        endpointSlice(errors, slice);
        errors.unchanged("addressType", slice.getAddressType(), old.getAddressType());
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
        } else if (!backend.hasResource()) {
            errors.invalid(path, "", "resource or service backend is required");
        }
    }

    static void networkPolicy(Errors errors, NetworkPolicy policy) {
        MetaRules.check(errors, policy.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        CommonRules.selector(errors, policy.getSpec().getPodSelector(), "spec.podSelector");
        for (int i = 0; i < policy.getSpec().getIngressCount(); i++) {
            String at = "spec.ingress[" + i + "]";
            ports(errors, policy.getSpec().getIngress(i).getPortsList(), at + ".ports");
            peers(errors, policy.getSpec().getIngress(i).getFromList(), at + ".from");
        }
        for (int i = 0; i < policy.getSpec().getEgressCount(); i++) {
            String at = "spec.egress[" + i + "]";
            ports(errors, policy.getSpec().getEgress(i).getPortsList(), at + ".ports");
            peers(errors, policy.getSpec().getEgress(i).getToList(), at + ".to");
        }
        List<String> types = policy.getSpec().getPolicyTypesList();
        if (types.size() > 2) {
            errors.invalid(
                    "spec.policyTypes",
                    Errors.bare("[\"" + String.join("\",\"", types) + "\"]"),
                    "may not specify more than two policyTypes");
            return;
        }
        for (int i = 0; i < types.size(); i++) {
            errors.oneOf("spec.policyTypes[" + i + "]", types.get(i), "Ingress", "Egress");
        }
    }

    private static void ports(Errors errors, List<NetworkPolicyPort> ports, String path) {
        for (int i = 0; i < ports.size(); i++) {
            NetworkPolicyPort port = ports.get(i);
            String at = path + "[" + i + "]";
            errors.oneOf(at + ".protocol", port.getProtocol(), "TCP", "UDP", "SCTP");
            if (!port.hasPort()) {
                if (port.hasEndPort()) {
                    errors.invalid(
                            at + ".endPort", port.getEndPort(), "may not be specified when `port` is not specified");
                }
                continue;
            }
            CommonRules.port(errors, port.getPort(), at + ".port");
            if (port.hasEndPort()) {
                if (IntOrStrings.isString(port.getPort())) {
                    errors.invalid(
                            at + ".endPort", port.getEndPort(), "may not be specified when `port` is non-numeric");
                } else {
                    if (port.getEndPort() < port.getPort().getIntVal()) {
                        errors.invalid(at + ".endPort", port.getEndPort(), "must be greater than or equal to `port`");
                    }
                    errors.invalid(at + ".endPort", port.getEndPort(), Names.portNumber(port.getEndPort()));
                }
            }
        }
    }

    private static void peers(Errors errors, List<NetworkPolicyPeer> peers, String path) {
        for (int i = 0; i < peers.size(); i++) {
            NetworkPolicyPeer peer = peers.get(i);
            String at = path + "[" + i + "]";
            CommonRules.selector(errors, peer.getPodSelector(), at + ".podSelector");
            CommonRules.selector(errors, peer.getNamespaceSelector(), at + ".namespaceSelector");
            boolean selects = peer.hasPodSelector() || peer.hasNamespaceSelector();
            if (peer.hasIpBlock()) {
                block(errors, peer, at + ".ipBlock");
                if (selects) {
                    errors.forbidden(at, "may not specify both ipBlock and another peer");
                }
            } else if (!selects) {
                errors.required(at, "must specify a peer");
            }
        }
    }

    private static void block(Errors errors, NetworkPolicyPeer peer, String path) {
        String range = peer.getIpBlock().getCidr();
        if (range.isEmpty()) {
            errors.required(path + ".cidr");
            return;
        }
        if (!Addresses.cidr(errors, range, path + ".cidr")) {
            return;
        }
        for (int i = 0; i < peer.getIpBlock().getExceptCount(); i++) {
            String except = peer.getIpBlock().getExcept(i);
            String at = path + ".except[" + i + "]";
            if (Addresses.cidr(errors, except, at) && !Addresses.strictlyWithin(except, range)) {
                errors.invalid(at, except, "must be a strict subset of `cidr`");
            }
        }
    }
}
