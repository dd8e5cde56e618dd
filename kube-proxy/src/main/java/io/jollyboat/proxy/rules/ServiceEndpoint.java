package io.jollyboat.proxy.rules;

import io.jollyboat.api.discovery.v1.Endpoint;
import io.jollyboat.api.discovery.v1.EndpointConditions;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.api.discovery.v1.ForNode;
import io.jollyboat.api.discovery.v1.ForZone;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** An endpoint of one Service port, with the conditions upstream's defaults fill in. */
record ServiceEndpoint(
        Target target, boolean ready, boolean serving, boolean terminating, Set<String> zones, Set<String> nodes) {
    private static final Comparator<ServiceEndpoint> ORDER = Comparator.comparing(
            ServiceEndpoint::target, Comparator.comparing(Target::ip).thenComparingInt(Target::port));

    /** The endpoints of the slices' port of that name and protocol, each address and port once, in a stable order. */
    static List<ServiceEndpoint> of(
            Collection<EndpointSlice> slices, String portName, Protocol protocol, String nodeName) {
        Map<Target, ServiceEndpoint> found = new LinkedHashMap<>();
        for (EndpointSlice slice : slices) {
            if (!slice.getAddressType().equals("IPv4") || slice.getMetadata().hasDeletionTimestamp()) {
                continue;
            }
            slice.getPortsList().stream()
                    .filter(p ->
                            p.hasPort() && p.getName().equals(portName) && Protocol.of(p.getProtocol()) == protocol)
                    .forEach(p -> slice.getEndpointsList().stream()
                            .filter(e -> e.getAddressesCount() > 0)
                            .map(e -> of(e, p.getPort(), nodeName))
                            // While an address moves between slices it is in two: the better state counts.
                            .forEach(e -> found.merge(e.target(), e, (a, b) -> a.ready() || !b.ready() ? a : b)));
        }
        List<ServiceEndpoint> sorted = new ArrayList<>(found.values());
        sorted.sort(ORDER);
        return sorted;
    }

    private static ServiceEndpoint of(Endpoint endpoint, int port, String nodeName) {
        EndpointConditions conditions = endpoint.getConditions();
        boolean local = !nodeName.isEmpty() && endpoint.getNodeName().equals(nodeName);
        return new ServiceEndpoint(
                new Target(endpoint.getAddresses(0), port, local),
                !conditions.hasReady() || conditions.getReady(),
                !conditions.hasServing() || conditions.getServing(),
                conditions.getTerminating(),
                endpoint.getHints().getForZonesList().stream()
                        .map(ForZone::getName)
                        .collect(Collectors.toUnmodifiableSet()),
                endpoint.getHints().getForNodesList().stream()
                        .map(ForNode::getName)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /** How many endpoints of any port are ready on the node. */
    static int localReady(Collection<EndpointSlice> slices, String nodeName) {
        return (int) slices.stream()
                .filter(s -> s.getAddressType().equals("IPv4"))
                .flatMap(s -> s.getEndpointsList().stream())
                .filter(e -> e.getAddressesCount() > 0)
                .map(e -> of(e, 0, nodeName))
                .filter(e -> e.ready() && e.target().local())
                .map(e -> e.target().ip())
                .distinct()
                .count();
    }

    /** May still be used when nothing better is there. */
    boolean draining() {
        return serving && terminating;
    }
}
