package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.EndpointAddress;
import io.jollyboat.api.core.v1.EndpointPort;
import io.jollyboat.api.core.v1.EndpointSubset;
import io.jollyboat.api.core.v1.Endpoints;
import io.jollyboat.values.Names;
import java.util.List;

/** The rules of the endpoints of old. */
final class EndpointsRules {
    private EndpointsRules() {}

    static void create(Errors errors, Endpoints endpoints) {
        MetaRules.check(errors, endpoints.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        subsets(errors, endpoints);
    }

    static void update(Errors errors, Endpoints endpoints, Endpoints old) {
        MetaRules.checkUpdate(errors, endpoints.getMetadata(), old.getMetadata(), "metadata");
        MetaRules.check(errors, endpoints.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        if (!endpoints.getSubsetsList().equals(old.getSubsetsList())) {
            subsets(errors, endpoints);
        }
    }

    private static void subsets(Errors errors, Endpoints endpoints) {
        boolean own = Addresses.ownEndpoints(endpoints.getMetadata());
        for (int i = 0; i < endpoints.getSubsetsCount(); i++) {
            EndpointSubset subset = endpoints.getSubsets(i);
            String at = "subsets[" + i + "]";
            if (subset.getAddressesCount() == 0 && subset.getNotReadyAddressesCount() == 0) {
                errors.required(at, "must specify `addresses` or `notReadyAddresses`");
            }
            addresses(errors, subset.getAddressesList(), own, at + ".addresses");
            addresses(errors, subset.getNotReadyAddressesList(), own, at + ".notReadyAddresses");
            for (int j = 0; j < subset.getPortsCount(); j++) {
                port(errors, subset.getPorts(j), subset.getPortsCount() > 1, at + ".ports[" + j + "]");
            }
        }
    }

    private static void addresses(Errors errors, List<EndpointAddress> addresses, boolean own, String path) {
        for (int i = 0; i < addresses.size(); i++) {
            EndpointAddress address = addresses.get(i);
            String at = path + "[" + i + "]";
            boolean valid = Addresses.ip(errors, address.getIp(), at + ".ip");
            if (!address.getHostname().isEmpty()) {
                errors.invalid(at + ".hostname", address.getHostname(), Names.dns1123Label(address.getHostname()));
            }
            if (address.hasNodeName()) {
                errors.invalid(at + ".nodeName", address.getNodeName(), Names.dns1123Subdomain(address.getNodeName()));
            }
            if (!valid) {
                errors.invalid(at + ".ip", address.getIp(), "must be a valid IP address");
            } else if (!own) {
                Addresses.usable(errors, address.getIp(), at + ".ip");
            }
        }
    }

    private static void port(Errors errors, EndpointPort port, boolean named, String path) {
        if (!port.getName().isEmpty()) {
            errors.invalid(path + ".name", port.getName(), Names.dns1123Label(port.getName()));
        } else if (named) {
            errors.required(path + ".name");
        }
        errors.invalid(path + ".port", port.getPort(), Names.portNumber(port.getPort()));
        if (errors.present(path + ".protocol", port.getProtocol())) {
            errors.oneOf(path + ".protocol", port.getProtocol(), "SCTP", "TCP", "UDP");
        }
        if (port.hasAppProtocol()) {
            errors.invalid(path + ".appProtocol", port.getAppProtocol(), Names.qualifiedName(port.getAppProtocol()));
        }
    }
}
