package io.jollyboat.controllers.endpointslice;

import io.jollyboat.api.discovery.v1.Endpoint;
import io.jollyboat.api.discovery.v1.EndpointPort;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Endpoints that share a list of ports, and so may share slices. */
record PortGroup(List<EndpointPort> ports, Map<Id, Endpoint> endpoints) {
    PortGroup(List<EndpointPort> ports) {
        this(ports, new LinkedHashMap<>());
    }

    /** What makes an endpoint the same endpoint, whatever its state. */
    record Id(List<String> addresses, String namespace, String name) {
        static Id of(Endpoint endpoint) {
            return new Id(
                    endpoint.getAddressesList().stream().sorted().toList(),
                    endpoint.getTargetRef().getNamespace(),
                    endpoint.getTargetRef().getName());
        }
    }
}
