package io.jollyboat.controllers.endpoints;

import io.jollyboat.api.core.v1.EndpointAddress;
import io.jollyboat.api.core.v1.EndpointPort;
import io.jollyboat.api.core.v1.EndpointSubset;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServicePort;
import io.jollyboat.controllers.objects.Pods;
import io.jollyboat.controllers.services.ServicePods;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** The subsets of a Service: addresses that have the same ports stand together. Pure, and the same for the same pods. */
final class Subsets {
    private static final Comparator<EndpointAddress> BY_IP = Comparator.comparing(EndpointAddress::getIp)
            .thenComparing(address -> address.getTargetRef().getUid());
    private static final Comparator<EndpointPort> BY_PORT = Comparator.comparing(EndpointPort::getName)
            .thenComparingInt(EndpointPort::getPort)
            .thenComparing(EndpointPort::getProtocol);
    private static final EndpointPort NO_PORT =
            EndpointPort.newBuilder().setPort(-1).build();

    /** Addresses by port, with their readiness. */
    private final Map<EndpointPort, Map<EndpointAddress, Boolean>> byPort = new LinkedHashMap<>();

    private Subsets() {}

    static List<EndpointSubset> of(Service service, Collection<Pod> pods) {
        Subsets subsets = new Subsets();
        for (Pod pod : pods) {
            if (ServicePods.isEndpoint(pod, service.getSpec().getPublishNotReadyAddresses())) {
                address(pod, service).ifPresent(address -> subsets.add(pod, service, address));
            }
        }
        return subsets.build();
    }

    private void add(Pod pod, Service service, EndpointAddress address) {
        boolean ready = service.getSpec().getPublishNotReadyAddresses() || Pods.isReady(pod);
        if (service.getSpec().getPortsCount() == 0) {
            if (service.getSpec().getClusterIP().equals("None")) {
                put(NO_PORT, address, ready);
            }
            return;
        }
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
                put(endpointPort.build(), address, ready);
            }
        }
    }

    private void put(EndpointPort port, EndpointAddress address, boolean ready) {
        byPort.computeIfAbsent(port, p -> new TreeMap<>(BY_IP)).merge(address, ready, (a, b) -> a && b);
    }

    private static Optional<EndpointAddress> address(Pod pod, Service service) {
        String family = service.getSpec().getIpFamiliesCount() > 0
                ? service.getSpec().getIpFamilies(0)
                : ServicePods.isIpv6(
                                ServicePods.isHeadless(service)
                                        ? pod.getStatus().getPodIP()
                                        : service.getSpec().getClusterIP())
                        ? "IPv6"
                        : "IPv4";
        return ServicePods.ips(pod).stream()
                .filter(ip -> ServicePods.isIpv6(ip) == family.equals("IPv6"))
                .findFirst()
                .map(ip -> address(pod, service, ip));
    }

    private static EndpointAddress address(Pod pod, Service service, String ip) {
        EndpointAddress.Builder address =
                EndpointAddress.newBuilder().setIp(ip).setNodeName(pod.getSpec().getNodeName());
        address.getTargetRefBuilder()
                .setKind("Pod")
                .setNamespace(pod.getMetadata().getNamespace())
                .setName(pod.getMetadata().getName())
                .setUid(pod.getMetadata().getUid());
        if (ServicePods.hasHostname(pod, service)) {
            address.setHostname(pod.getSpec().getHostname());
        }
        return address.build();
    }

    private List<EndpointSubset> build() {
        Map<Map<EndpointAddress, Boolean>, List<EndpointPort>> byAddresses = new LinkedHashMap<>();
        byPort.forEach((port, addresses) ->
                byAddresses.computeIfAbsent(addresses, a -> new ArrayList<>()).add(port));
        List<EndpointSubset> subsets = new ArrayList<>();
        byAddresses.forEach((addresses, ports) -> {
            EndpointSubset.Builder subset = EndpointSubset.newBuilder();
            addresses.forEach((address, ready) -> {
                if (ready) {
                    subset.addAddresses(address);
                } else {
                    subset.addNotReadyAddresses(address);
                }
            });
            ports.stream().filter(port -> !port.equals(NO_PORT)).sorted(BY_PORT).forEach(subset::addPorts);
            subsets.add(subset.build());
        });
        subsets.sort(
                Comparator.comparing(subset -> subset.getPortsCount() == 0 ? NO_PORT : subset.getPorts(0), BY_PORT));
        return subsets;
    }
}
