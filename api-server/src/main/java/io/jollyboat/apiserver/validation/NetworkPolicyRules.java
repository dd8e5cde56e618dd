package io.jollyboat.apiserver.validation;

import io.jollyboat.api.networking.v1.NetworkPolicy;
import io.jollyboat.api.networking.v1.NetworkPolicyPeer;
import io.jollyboat.api.networking.v1.NetworkPolicyPort;
import io.jollyboat.values.IntOrStrings;
import io.jollyboat.values.Names;
import java.util.List;

/** The rules of network policies. */
final class NetworkPolicyRules {
    private NetworkPolicyRules() {}

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
                        errors.invalid(
                                at + ".endPort", port.getPort().getIntVal(), "must be greater than or equal to `port`");
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
