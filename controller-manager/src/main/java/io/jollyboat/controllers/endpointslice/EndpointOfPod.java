package io.jollyboat.controllers.endpointslice;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServicePort;
import io.jollyboat.api.discovery.v1.Endpoint;
import io.jollyboat.api.discovery.v1.EndpointPort;
import io.jollyboat.controllers.objects.Pods;
import io.jollyboat.controllers.services.ServicePods;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** A pod as an endpoint of a Service. */
final class EndpointOfPod {
    private static final String ZONE = "topology.kubernetes.io/zone";

    private EndpointOfPod() {}

    /** @param node null when it is not known */
    static Endpoint endpoint(Pod pod, Node node, Service service, String addressType) {
        boolean serving = Pods.isReady(pod);
        boolean terminating = pod.getMetadata().hasDeletionTimestamp();
        boolean ready = service.getSpec().getPublishNotReadyAddresses() || (serving && !terminating);
        Endpoint.Builder endpoint = Endpoint.newBuilder();
        for (String ip : ServicePods.ips(pod)) {
            if (ServicePods.isIpv6(ip) == addressType.equals("IPv6")) {
                endpoint.addAddresses(ip);
            }
        }
        endpoint.getConditionsBuilder().setReady(ready).setServing(serving).setTerminating(terminating);
        endpoint.getTargetRefBuilder()
                .setKind("Pod")
                .setNamespace(pod.getMetadata().getNamespace())
                .setName(pod.getMetadata().getName())
                .setUid(pod.getMetadata().getUid());
        if (!pod.getSpec().getNodeName().isEmpty()) {
            endpoint.setNodeName(pod.getSpec().getNodeName());
        }
        String zone = node == null ? "" : node.getMetadata().getLabelsOrDefault(ZONE, "");
        if (!zone.isEmpty()) {
            endpoint.setZone(zone);
        }
        if (ServicePods.hasHostname(pod, service)) {
            endpoint.setHostname(pod.getSpec().getHostname());
        }
        if (ready) {
            hint(endpoint, service.getSpec().getTrafficDistribution());
        }
        return endpoint.build();
    }

    /** Where traffic is wanted close: this endpoint is for its own zone, or its own node. */
    private static void hint(Endpoint.Builder endpoint, String distribution) {
        boolean node = distribution.equals("PreferSameNode");
        boolean zone = node || distribution.equals("PreferSameZone") || distribution.equals("PreferClose");
        if (zone && endpoint.hasZone()) {
            endpoint.getHintsBuilder().addForZonesBuilder().setName(endpoint.getZone());
        }
        if (node && endpoint.hasNodeName()) {
            endpoint.getHintsBuilder().addForNodesBuilder().setName(endpoint.getNodeName());
        }
    }

    /** The Service's ports as the pod has them; those that it does not have are left out. */
    static List<EndpointPort> ports(Pod pod, Service service) {
        List<EndpointPort> ports = new ArrayList<>();
        for (ServicePort port : service.getSpec().getPortsList()) {
            OptionalInt number = ServicePods.port(pod, port);
            if (number.isPresent()) {
                EndpointPort.Builder endpointPort = EndpointPort.newBuilder()
                        .setName(port.getName())
                        .setPort(number.getAsInt())
                        .setProtocol(port.getProtocol());
                if (port.hasAppProtocol()) {
                    endpointPort.setAppProtocol(port.getAppProtocol());
                }
                ports.add(endpointPort.build());
            }
        }
        return ports;
    }
}
