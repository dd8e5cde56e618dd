package io.jollyboat.apiserver.validation;

import io.jollyboat.api.discovery.v1.Endpoint;
import io.jollyboat.api.discovery.v1.EndpointPort;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.values.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of endpoint slices. */
final class EndpointSliceRules {
    private EndpointSliceRules() {}

    static void endpointSlice(Errors errors, EndpointSlice slice) {
        MetaRules.check(errors, slice.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        if (slice.getAddressType().isEmpty()) {
            errors.required("addressType");
        } else {
            errors.oneOf("addressType", slice.getAddressType(), "FQDN", "IPv4", "IPv6");
        }
        boolean own = Addresses.ownEndpoints(slice.getMetadata());
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

    private static void name(Errors errors, String address, String path) {
        if (address.isEmpty()) {
            errors.required(path);
            return;
        }
        String name = address.endsWith(".") ? address.substring(0, address.length() - 1) : address;
        List<String> problems = Names.dns1123Subdomain(name);
        if (!problems.isEmpty()) {
            errors.invalid(path, name, problems);
        } else if (!name.contains(".")) {
            errors.invalid(path, name, "should be a domain with at least two segments separated by dots");
        } else {
            for (String label : name.split("\\.", -1)) {
                errors.invalid(path, label, Names.dns1123Label(label));
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
                case "FQDN" -> name(errors, address, at);
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
        Set<String> zones = new HashSet<>();
        for (int i = 0; i < endpoint.getHints().getForZonesCount(); i++) {
            String zone = endpoint.getHints().getForZones(i).getName();
            errors.invalid(path + ".hints.forZones[" + i + "].name", zone, Names.labelValue(zone));
            if (!zones.add(zone)) {
                errors.duplicate(path + ".hints.forZones[" + i + "].name", zone);
            }
        }
    }

    static void endpointSliceUpdate(Errors errors, EndpointSlice slice, EndpointSlice old) {
        MetaRules.checkUpdate(errors, slice.getMetadata(), old.getMetadata(), "metadata");
        endpointSlice(errors, slice);
        errors.unchanged("addressType", slice.getAddressType(), old.getAddressType());
    }
}
