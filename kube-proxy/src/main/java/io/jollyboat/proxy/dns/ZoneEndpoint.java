package io.jollyboat.proxy.dns;

import io.jollyboat.api.discovery.v1.Endpoint;
import io.jollyboat.api.discovery.v1.EndpointPort;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A ready endpoint as DNS sees it.
 *
 * @param label its name below the Service's
 */
record ZoneEndpoint(String address, String label, List<EndpointPort> ports) {
    /** The ready endpoints, each address and label once. */
    static List<ZoneEndpoint> of(Collection<EndpointSlice> slices) {
        Map<String, ZoneEndpoint> found = new LinkedHashMap<>();
        for (EndpointSlice slice : slices) {
            if (slice.getAddressType().equals("FQDN")) {
                continue;
            }
            for (Endpoint endpoint : slice.getEndpointsList()) {
                if (endpoint.getAddressesCount() > 0 && ready(endpoint)) {
                    String address = endpoint.getAddresses(0);
                    String label = label(endpoint);
                    found.merge(
                            address + " " + label,
                            new ZoneEndpoint(address, label, slice.getPortsList()),
                            ZoneEndpoint::withPortsOf);
                }
            }
        }
        return new ArrayList<>(found.values());
    }

    private ZoneEndpoint withPortsOf(ZoneEndpoint other) {
        List<EndpointPort> all = new ArrayList<>(ports);
        other.ports.stream().filter(p -> !all.contains(p)).forEach(all::add);
        return new ZoneEndpoint(address, label, all);
    }

    private static boolean ready(Endpoint endpoint) {
        return !endpoint.getConditions().hasReady() || endpoint.getConditions().getReady();
    }

    /** The pod's hostname, else its address with dashes. */
    static String label(Endpoint endpoint) {
        return endpoint.getHostname().isEmpty()
                ? endpoint.getAddresses(0).replace('.', '-').replace(':', '-')
                : endpoint.getHostname();
    }
}
