package io.jollyboat.proxy.rules;

import io.jollyboat.api.core.v1.LoadBalancerIngress;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServicePort;
import io.jollyboat.api.core.v1.ServiceSpec;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.proxy.rules.Frontend.Action;
import io.jollyboat.proxy.rules.Frontend.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The function from API objects to rules. */
public final class DesiredRules {
    /** Another proxy serves Services with this label. */
    private static final String OTHER_PROXY = "service.kubernetes.io/service-proxy-name";

    private static final String SERVICE_NAME = "kubernetes.io/service-name";
    private static final int DEFAULT_AFFINITY_SECONDS = 10_800;
    private static final int DNS_PORT = 53;

    private DesiredRules() {}

    /** The rules of all Services. */
    public static RuleSet desiredRules(Collection<Service> services, Collection<EndpointSlice> slices, NodeView node) {
        Map<ObjectKey, List<EndpointSlice>> byService = new HashMap<>();
        for (EndpointSlice slice : slices) {
            byService.computeIfAbsent(serviceOf(slice), k -> new ArrayList<>()).add(slice);
        }
        Map<ObjectKey, ServiceRules> rules = new HashMap<>();
        for (Service service : services) {
            ObjectKey key = ObjectKey.of(
                    service.getMetadata().getNamespace(), service.getMetadata().getName());
            ServiceRules one = ofService(service, byService.getOrDefault(key, List.of()), node);
            if (!one.equals(ServiceRules.NONE)) {
                rules.put(key, one);
            }
        }
        return new RuleSet(rules);
    }

    /** The Service that a slice belongs to; the name is empty when it belongs to none. */
    public static ObjectKey serviceOf(EndpointSlice slice) {
        return ObjectKey.of(
                slice.getMetadata().getNamespace(), slice.getMetadata().getLabelsOrDefault(SERVICE_NAME, ""));
    }

    /**
     * The rules of one Service.
     *
     * @param slices its own slices
     */
    public static ServiceRules ofService(Service service, Collection<EndpointSlice> slices, NodeView node) {
        ServiceSpec spec = service.getSpec();
        String clusterIp = clusterIp(spec);
        if (clusterIp.isEmpty()
                || spec.getType().equals("ExternalName")
                || service.getMetadata().containsLabels(OTHER_PROXY)) {
            return ServiceRules.NONE;
        }
        List<PortRules> ports = new ArrayList<>();
        for (ServicePort port : spec.getPortsList()) {
            ports.add(ofPort(service, clusterIp, port, slices, node));
        }
        boolean checked = spec.getType().equals("LoadBalancer") && externalLocal(spec);
        return new ServiceRules(
                List.copyOf(ports),
                checked ? spec.getHealthCheckNodePort() : 0,
                checked ? ServiceEndpoint.localReady(slices, node.name()) : 0);
    }

    private static PortRules ofPort(
            Service service, String clusterIp, ServicePort port, Collection<EndpointSlice> slices, NodeView node) {
        ServiceSpec spec = service.getSpec();
        Protocol protocol = Protocol.of(port.getProtocol());
        List<String> balancers = loadBalancerIps(service);
        List<String> externals =
                spec.getExternalIPsList().stream().filter(DesiredRules::isIpv4).toList();
        boolean external = port.getNodePort() != 0 || !balancers.isEmpty() || !externals.isEmpty();
        boolean internalLocal = spec.getInternalTrafficPolicy().equals("Local");
        boolean externalLocal = external && externalLocal(spec);

        EndpointChoice choice = EndpointChoice.of(
                ServiceEndpoint.of(slices, port.getName(), protocol, node.name()),
                !internalLocal || external,
                internalLocal || externalLocal,
                node);
        Action inside = action(choice, internalLocal, Action.LOCAL, Action.CLUSTER);
        Action outside =
                !choice.any() ? Action.REJECT : externalLocal ? Action.EXTERNAL_LOCAL : Action.EXTERNAL_CLUSTER;

        List<Frontend> frontends = new ArrayList<>();
        if (!(clusterIp.equals(node.dnsAddress()) && port.getPort() == DNS_PORT)) {
            frontends.add(new Frontend(clusterIp, port.getPort(), Kind.CLUSTER_IP, inside, List.of()));
        }
        for (String ip : externals) {
            frontends.add(new Frontend(ip, port.getPort(), Kind.EXTERNAL_IP, outside, List.of()));
        }
        List<String> ranges = SourceRanges.of(spec.getLoadBalancerSourceRangesList());
        for (String ip : balancers) {
            frontends.add(new Frontend(ip, port.getPort(), Kind.LOAD_BALANCER, outside, ranges));
        }
        if (port.getNodePort() != 0) {
            for (String ip : node.nodePortAddresses()) {
                frontends.add(new Frontend(ip, port.getNodePort(), Kind.NODE_PORT, outside, List.of()));
            }
        }
        return new PortRules(protocol, List.copyOf(frontends), choice.cluster(), choice.local(), affinitySeconds(spec));
    }

    private static Action action(EndpointChoice choice, boolean localOnly, Action local, Action cluster) {
        if (!choice.any()) {
            return Action.REJECT;
        }
        if (!localOnly) {
            return cluster;
        }
        return choice.local().isEmpty() ? Action.DROP : local;
    }

    private static boolean externalLocal(ServiceSpec spec) {
        return spec.getExternalTrafficPolicy().equals("Local");
    }

    /** The IPv4 ClusterIP; empty for a headless Service. */
    private static String clusterIp(ServiceSpec spec) {
        List<String> all = spec.getClusterIPsCount() > 0 ? spec.getClusterIPsList() : List.of(spec.getClusterIP());
        return all.stream().filter(DesiredRules::isIpv4).findFirst().orElse("");
    }

    private static List<String> loadBalancerIps(Service service) {
        if (!service.getSpec().getType().equals("LoadBalancer")) {
            return List.of();
        }
        return service.getStatus().getLoadBalancer().getIngressList().stream()
                .filter(i -> !i.getIpMode().equals("Proxy"))
                .map(LoadBalancerIngress::getIp)
                .filter(DesiredRules::isIpv4)
                .distinct()
                .toList();
    }

    private static int affinitySeconds(ServiceSpec spec) {
        if (!spec.getSessionAffinity().equals("ClientIP")) {
            return 0;
        }
        int seconds = spec.getSessionAffinityConfig().getClientIP().getTimeoutSeconds();
        return seconds > 0 ? seconds : DEFAULT_AFFINITY_SECONDS;
    }

    private static boolean isIpv4(String address) {
        return address.indexOf('.') > 0 && address.indexOf(':') < 0;
    }
}
