package io.jollyboat.controllers.mirroring;

import io.jollyboat.api.core.v1.EndpointAddress;
import io.jollyboat.api.core.v1.EndpointSubset;
import io.jollyboat.api.core.v1.Endpoints;
import io.jollyboat.api.discovery.v1.Endpoint;
import io.jollyboat.api.discovery.v1.EndpointPort;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.controllers.objects.Owners;
import io.jollyboat.controllers.objects.PodTemplates;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.controllers.services.ServicePods;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Decides which slices mirror an Endpoints object. Pure. */
final class MirrorPlanner {
    static final String SERVICE_NAME = "kubernetes.io/service-name";
    static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    static final String MANAGER = "endpointslicemirroring-controller.k8s.io";
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
    private static final int MAX_ENDPOINTS = 1000;

    private MirrorPlanner() {}

    record Plan(List<EndpointSlice> create, List<EndpointSlice> update, List<EndpointSlice> delete) {}

    /** Slices with the same ports and address family stand together. */
    private record Group(String addressType, List<EndpointPort> ports) {}

    static Plan plan(Endpoints endpoints, List<EndpointSlice> present) {
        Map<Group, List<Endpoint>> wanted = new LinkedHashMap<>();
        for (EndpointSubset subset : endpoints.getSubsetsList()) {
            List<EndpointPort> ports = ports(subset);
            subset.getAddressesList().forEach(address -> add(wanted, ports, address, true));
            subset.getNotReadyAddressesList().forEach(address -> add(wanted, ports, address, false));
        }
        Plan plan = new Plan(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (EndpointSlice slice : present) {
            List<Endpoint> content = wanted.remove(new Group(slice.getAddressType(), slice.getPortsList()));
            if (content == null) {
                plan.delete.add(slice);
                continue;
            }
            EndpointSlice next = mirror(slice, endpoints, content);
            if (!next.equals(slice)) {
                plan.update.add(next);
            }
        }
        wanted.forEach((group, content) -> {
            EndpointSlice.Builder slice = EndpointSlice.newBuilder()
                    .setAddressType(group.addressType())
                    .addAllPorts(group.ports());
            slice.getMetadataBuilder()
                    .setNamespace(endpoints.getMetadata().getNamespace())
                    .setGenerateName(
                            PodTemplates.generateName(endpoints.getMetadata().getName()))
                    .addOwnerReferences(Owners.controllerReference(Types.ENDPOINTS, endpoints.getMetadata()));
            plan.create.add(mirror(slice.build(), endpoints, content));
        });
        return plan;
    }

    private static void add(
            Map<Group, List<Endpoint>> wanted, List<EndpointPort> ports, EndpointAddress address, boolean ready) {
        String type = ServicePods.isIpv6(address.getIp()) ? "IPv6" : "IPv4";
        List<Endpoint> content = wanted.computeIfAbsent(new Group(type, ports), g -> new ArrayList<>());
        if (content.size() >= MAX_ENDPOINTS) {
            return;
        }
        Endpoint.Builder endpoint = Endpoint.newBuilder().addAddresses(address.getIp());
        endpoint.getConditionsBuilder().setReady(ready);
        if (!address.getHostname().isEmpty()) {
            endpoint.setHostname(address.getHostname());
        }
        if (address.hasNodeName()) {
            endpoint.setNodeName(address.getNodeName());
        }
        if (address.hasTargetRef()) {
            endpoint.setTargetRef(address.getTargetRef());
        }
        content.add(endpoint.build());
    }

    private static List<EndpointPort> ports(EndpointSubset subset) {
        List<EndpointPort> ports = new ArrayList<>();
        for (io.jollyboat.api.core.v1.EndpointPort port : subset.getPortsList()) {
            EndpointPort.Builder mirrored = EndpointPort.newBuilder()
                    .setName(port.getName())
                    .setProtocol(port.getProtocol())
                    .setPort(port.getPort());
            if (port.hasAppProtocol()) {
                mirrored.setAppProtocol(port.getAppProtocol());
            }
            ports.add(mirrored.build());
        }
        return ports;
    }

    private static EndpointSlice mirror(EndpointSlice slice, Endpoints endpoints, List<Endpoint> content) {
        Map<String, String> labels = new TreeMap<>(endpoints.getMetadata().getLabelsMap());
        labels.put(SERVICE_NAME, endpoints.getMetadata().getName());
        labels.put(MANAGED_BY, MANAGER);
        Map<String, String> annotations = new TreeMap<>(endpoints.getMetadata().getAnnotationsMap());
        annotations.remove(LAST_APPLIED);
        annotations.remove(ServicePods.TRIGGER_TIME);
        EndpointSlice.Builder next = slice.toBuilder().clearEndpoints().addAllEndpoints(content);
        next.getMetadataBuilder()
                .clearLabels()
                .putAllLabels(labels)
                .clearAnnotations()
                .putAllAnnotations(annotations);
        return next.build();
    }
}
