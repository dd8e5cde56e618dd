package io.jollyboat.apiserver.alloc;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServicePort;
import io.jollyboat.api.core.v1.ServiceSpec;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.request.StorageHook;
import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.errors.ApiException;
import io.jollyboat.errors.FieldError;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gives Services their cluster IPs and node ports, each to one Service at a time, and takes them back. */
public final class ServiceAllocation implements StorageHook {
    private static final Log LOG = Log.of(ServiceAllocation.class);
    private static final String HEADLESS = "None";

    private final ServiceIps ips;
    private final NodePorts ports;

    public ServiceAllocation(
            IpRange range, String nodePortRange, Runtime runtime, KeyValueStore store, ObjectStorages storages) {
        this.ips = new ServiceIps(range, runtime, storages);
        this.ports = new NodePorts(nodePortRange, runtime, store);
    }

    ServiceIps ips() {
        return ips;
    }

    NodePorts ports() {
        return ports;
    }

    @Override
    public Reservation onCreate(Message object, boolean dryRun) {
        return reserve((Service) object, null, dryRun);
    }

    @Override
    public Reservation onUpdate(Message object, Message old, boolean dryRun) {
        return reserve((Service) object, (Service) old, dryRun);
    }

    @Override
    public void onDeleted(Message object) {
        Service service = (Service) object;
        giveBack(service, addresses(service), nodePorts(service));
    }

    private Reservation reserve(Service service, Service old, boolean dryRun) {
        Taken taken = new Taken(service, old);
        try {
            Service.Builder builder = service.toBuilder();
            ServiceSpec.Builder spec = builder.getSpecBuilder();
            families(service, spec);
            if (needsIp(service)) {
                ip(service, old, spec, taken, dryRun);
            }
            if (needsNodePorts(service)) {
                nodePorts(service, old, spec, taken, dryRun);
            }
            taken.object = builder.build();
            return taken;
        } catch (RuntimeException e) {
            taken.release();
            throw e;
        }
    }

    private static void families(Service service, ServiceSpec.Builder spec) {
        if (service.getSpec().getType().equals("ExternalName")) {
            return;
        }
        if (spec.getClusterIP().contains(":")) {
            throw invalid(
                    service,
                    new FieldError(
                            FieldError.Type.INVALID,
                            "spec.clusterIPs[0]",
                            "Invalid value: [\"" + spec.getClusterIP()
                                    + "\"]: IPv6 is not configured on this cluster"));
        }
        if (spec.getIpFamiliesList().contains("IPv6") && !isHeadlessWithoutSelector(service)) {
            throw invalid(
                    service,
                    FieldError.invalid(
                            "spec.ipFamilies[" + spec.getIpFamiliesList().indexOf("IPv6") + "]",
                            "IPv6",
                            "not configured on this cluster"));
        }
        if (spec.getIpFamilyPolicy().equals("RequireDualStack") && !isHeadlessWithoutSelector(service)) {
            throw invalid(
                    service,
                    FieldError.invalid(
                            "spec.ipFamilyPolicy",
                            "RequireDualStack",
                            "this cluster is not configured for dual-stack services"));
        }
        if (isHeadlessWithoutSelector(service)) {
            // Its endpoints are not ours: they may be of either family.
            if (spec.getIpFamilyPolicy().isEmpty()) {
                spec.setIpFamilyPolicy("RequireDualStack");
            }
            if (spec.getIpFamiliesCount() == 0) {
                spec.addIpFamilies("IPv4");
                if (!spec.getIpFamilyPolicy().equals("SingleStack")) {
                    spec.addIpFamilies("IPv6");
                }
            }
            return;
        }
        if (spec.getIpFamilyPolicy().isEmpty()) {
            spec.setIpFamilyPolicy("SingleStack");
        }
        if (spec.getIpFamiliesCount() == 0) {
            spec.addIpFamilies("IPv4");
        }
    }

    private static boolean isHeadlessWithoutSelector(Service service) {
        return service.getSpec().getClusterIP().equals(HEADLESS)
                && service.getSpec().getSelectorCount() == 0;
    }

    private void ip(Service service, Service old, ServiceSpec.Builder spec, Taken taken, boolean dryRun) {
        String namespace = service.getMetadata().getNamespace();
        String name = service.getMetadata().getName();
        String wanted = spec.getClusterIP();
        if (old != null && addresses(old).contains(wanted)) {
            return;
        }
        if (wanted.isEmpty()) {
            if (dryRun) {
                return;
            }
            wanted = ips.takeAny(namespace, name)
                    .orElseThrow(() -> ApiException.of(
                            500,
                            "InternalError",
                            "Internal error occurred: failed to allocate a serviceIP: range is full"));
            taken.address = wanted;
        } else {
            if (!ips.covers(wanted)) {
                throw invalid(
                        service,
                        badAddress(
                                wanted,
                                dryRun
                                        ? "the provided IP (" + wanted + ") is not in the valid range. The range of"
                                                + " valid IPs is " + ips.range().network()
                                        : "the provided network does not match the current range"));
            }
            if (!dryRun) {
                if (!ips.take(wanted, namespace, name)) {
                    throw invalid(service, badAddress(wanted, "provided IP is already allocated"));
                }
                taken.address = wanted;
            }
        }
        spec.setClusterIP(wanted).clearClusterIPs().addClusterIPs(wanted);
    }

    private static FieldError badAddress(String address, String why) {
        String shown = "[\"" + address + "\"]";
        return new FieldError(
                FieldError.Type.INVALID,
                "spec.clusterIPs",
                "Invalid value: " + shown + ": failed to allocate IP " + address + ": " + why);
    }

    private void nodePorts(Service service, Service old, ServiceSpec.Builder spec, Taken taken, boolean dryRun) {
        Set<Integer> kept = new HashSet<>(old == null ? List.of() : nodePorts(old));
        // TCP and UDP of one number are one node port.
        Map<Integer, String> used = new HashMap<>();
        for (int i = 0; i < spec.getPortsCount(); i++) {
            ServicePort port = spec.getPorts(i);
            int wanted = port.getNodePort();
            if (wanted == 0 || kept.contains(wanted)) {
                continue;
            }
            String field = "spec.ports[" + i + "].nodePort";
            if (port.getProtocol().equals(used.get(wanted))) {
                throw invalid(service, FieldError.invalid(field, wanted, "provided port is already allocated"));
            }
            if (!ports.covers(wanted)) {
                if (dryRun) {
                    continue;
                }
                throw invalid(
                        service,
                        FieldError.invalid(
                                field,
                                wanted,
                                "provided port is not in the valid range. The range of valid ports is "
                                        + ports.range()));
            }
            boolean second = used.containsKey(wanted) && !used.get(wanted).equals(port.getProtocol());
            used.put(wanted, port.getProtocol());
            if (dryRun || second) {
                continue;
            }
            if (!ports.take(wanted)) {
                throw invalid(service, FieldError.invalid(field, wanted, "provided port is already allocated"));
            }
            taken.ports.add(wanted);
        }
        boolean wants = !spec.getType().equals("LoadBalancer")
                || !spec.hasAllocateLoadBalancerNodePorts()
                || spec.getAllocateLoadBalancerNodePorts();
        for (int i = 0; wants && !dryRun && i < spec.getPortsCount(); i++) {
            if (spec.getPorts(i).getNodePort() == 0) {
                int port = any();
                taken.ports.add(port);
                spec.getPortsBuilder(i).setNodePort(port);
            }
        }
        if (needsHealthPort(spec) && spec.getHealthCheckNodePort() == 0 && !dryRun) {
            int port = any();
            taken.ports.add(port);
            spec.setHealthCheckNodePort(port);
        }
    }

    private int any() {
        return ports.takeAny()
                .orElseThrow(() -> ApiException.of(
                        500, "InternalError", "Internal error occurred: failed to allocate a nodePort: range is full"));
    }

    private static boolean needsIp(Service service) {
        return !service.getSpec().getType().equals("ExternalName")
                && !service.getSpec().getClusterIP().equals(HEADLESS);
    }

    private static boolean needsNodePorts(Service service) {
        String type = service.getSpec().getType();
        return type.equals("NodePort") || type.equals("LoadBalancer");
    }

    private static boolean needsHealthPort(ServiceSpec.Builder spec) {
        return spec.getType().equals("LoadBalancer")
                && spec.getExternalTrafficPolicy().equals("Local");
    }

    static List<String> addresses(Service service) {
        if (!needsIp(service)) {
            return List.of();
        }
        List<String> all = new ArrayList<>(service.getSpec().getClusterIPsList());
        String first = service.getSpec().getClusterIP();
        if (!first.isEmpty() && !all.contains(first)) {
            all.add(first);
        }
        return all;
    }

    static List<Integer> nodePorts(Service service) {
        List<Integer> all = new ArrayList<>();
        service.getSpec().getPortsList().stream()
                .map(ServicePort::getNodePort)
                .filter(port -> port != 0)
                .distinct()
                .forEach(all::add);
        if (service.getSpec().getHealthCheckNodePort() != 0) {
            all.add(service.getSpec().getHealthCheckNodePort());
        }
        return all;
    }

    /** What cannot be given back just now does not make the write fail that is over: repair will find it. */
    private void giveBack(Service service, Collection<String> addresses, Collection<Integer> freed) {
        String namespace = service.getMetadata().getNamespace();
        String name = service.getMetadata().getName();
        try {
            addresses.forEach(address -> ips.release(address, namespace, name));
            ports.release(freed);
        } catch (ApiException e) {
            LOG.warn(
                    "addresses and ports of a Service are not given back yet",
                    "service",
                    namespace + "/" + name,
                    "reason",
                    e.getMessage());
        }
    }

    private static ApiException invalid(Service service, FieldError error) {
        return ApiException.invalid(
                Kinds.of(Service.class), service.getMetadata().getName(), List.of(error));
    }

    /** What was taken for one write. */
    private final class Taken implements Reservation {
        private final Service old;
        private final Set<Integer> ports = new HashSet<>();
        private Service object;
        private String address;

        Taken(Service service, Service old) {
            this.object = service;
            this.old = old;
        }

        @Override
        public Message object() {
            return object;
        }

        @Override
        public void commit() {
            if (old == null) {
                return;
            }
            List<String> given = new ArrayList<>(addresses(old));
            given.removeAll(addresses(object));
            List<Integer> freed = new ArrayList<>(nodePorts(old));
            freed.removeAll(nodePorts(object));
            giveBack(old, given, freed);
        }

        @Override
        public void release() {
            giveBack(object, address == null ? List.of() : List.of(address), ports);
        }
    }
}
