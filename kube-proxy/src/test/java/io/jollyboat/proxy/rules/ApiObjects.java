package io.jollyboat.proxy.rules;

import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServicePort;
import io.jollyboat.api.core.v1.ServiceSpec;
import io.jollyboat.api.discovery.v1.Endpoint;
import io.jollyboat.api.discovery.v1.EndpointPort;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.api.meta.v1.ObjectMeta;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** Services and slices for tests. */
public final class ApiObjects {
    private ApiObjects() {}

    /** A ClusterIP Service in namespace {@code default} with TCP port 80, called {@code http}. */
    public static Service service(String name, String clusterIp, UnaryOperator<ServiceSpec.Builder> more) {
        ServiceSpec.Builder spec = ServiceSpec.newBuilder()
                .setType("ClusterIP")
                .setClusterIP(clusterIp)
                .addClusterIPs(clusterIp)
                .setSessionAffinity("None")
                .setInternalTrafficPolicy("Cluster")
                .addPorts(port("http", "TCP", 80));
        return Service.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setNamespace("default").setName(name))
                .setSpec(more.apply(spec))
                .build();
    }

    public static Service service(String name, String clusterIp) {
        return service(name, clusterIp, s -> s);
    }

    public static ServicePort.Builder port(String name, String protocol, int port) {
        return ServicePort.newBuilder().setName(name).setProtocol(protocol).setPort(port);
    }

    /** A slice of the Service with target port 8080 for {@code http}. */
    public static EndpointSlice slice(String service, Endpoint.Builder... endpoints) {
        return slice(service, "http", "TCP", 8080, endpoints);
    }

    public static EndpointSlice slice(
            String service, String portName, String protocol, int port, Endpoint.Builder... endpoints) {
        return EndpointSlice.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setNamespace("default")
                        .setName(service + "-" + portName)
                        .putLabels("kubernetes.io/service-name", service))
                .setAddressType("IPv4")
                .addPorts(EndpointPort.newBuilder()
                        .setName(portName)
                        .setProtocol(protocol)
                        .setPort(port))
                .addAllEndpoints(
                        Arrays.stream(endpoints).map(Endpoint.Builder::build).toList())
                .build();
    }

    public static Endpoint.Builder ready(String ip, String node) {
        return endpoint(ip, node, true, true, false);
    }

    public static Endpoint.Builder draining(String ip, String node) {
        return endpoint(ip, node, false, true, true);
    }

    public static Endpoint.Builder unready(String ip, String node) {
        return endpoint(ip, node, false, false, false);
    }

    private static Endpoint.Builder endpoint(
            String ip, String node, boolean ready, boolean serving, boolean terminating) {
        Endpoint.Builder endpoint = Endpoint.newBuilder().addAddresses(ip).setNodeName(node);
        endpoint.getConditionsBuilder().setReady(ready).setServing(serving).setTerminating(terminating);
        return endpoint;
    }
}
