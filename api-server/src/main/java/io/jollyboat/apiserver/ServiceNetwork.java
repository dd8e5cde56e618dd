package io.jollyboat.apiserver;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Endpoints;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServicePort;
import io.jollyboat.api.core.v1.ServiceSpec;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.api.intstr.IntOrString;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.networking.v1.ServiceCIDR;
import io.jollyboat.api.networking.v1.ServiceCIDRSpec;
import io.jollyboat.apiserver.alloc.IpRange;
import io.jollyboat.apiserver.auth.Groups;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.request.Call;
import io.jollyboat.apiserver.request.ResourceService;
import io.jollyboat.apiserver.request.Target;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.List;

/** Keeps the {@code kubernetes} Service, through which pods reach the API servers, and what leads to it. */
final class ServiceNetwork {
    static final UserInfo SERVER = new UserInfo("system:apiserver", List.of(Groups.MASTERS, Groups.AUTHENTICATED));
    private static final String NAMESPACE = "default";
    private static final String NAME = "kubernetes";
    private static final int SERVICE_PORT = 443;

    private final ResourceService resources;
    private final MasterLeases leases;
    private final IpRange range;
    private final String cidr;
    private final int port;

    /** @param port of the REST door */
    ServiceNetwork(ResourceService resources, MasterLeases leases, String cidr, int port) {
        this.resources = resources;
        this.leases = leases;
        this.range = IpRange.parse(cidr);
        this.cidr = cidr;
        this.port = port;
    }

    void keep() {
        List<String> servers = leases.renew();
        ensure(Kinds.of(ServiceCIDR.class), serviceCidr());
        ensure(Kinds.of(Service.class), service());
        if (!servers.isEmpty()) {
            put(Kinds.of(Endpoints.class), endpoints(servers));
            put(Kinds.of(EndpointSlice.class), slice(servers));
        }
    }

    private void ensure(ResourceType<?> type, Message wanted) {
        Target target = new Target(type, type.key(wanted));
        if (present(target) == null) {
            try {
                resources.create(Call.own(SERVER), target, wanted);
            } catch (ApiException e) {
                if (!e.isAlreadyExists()) {
                    throw e;
                }
            }
        }
    }

    private void put(ResourceType<?> type, Message wanted) {
        Target target = new Target(type, type.key(wanted));
        Message present = present(target);
        if (present == null) {
            ensure(type, wanted);
            return;
        }
        ObjectMeta meta = type.meta(present).toBuilder()
                .putAllLabels(type.meta(wanted).getLabelsMap())
                .build();
        Message kept = type.withMeta(wanted, meta);
        if (!kept.equals(present)) {
            resources.update(Call.own(SERVER), target, kept);
        }
    }

    private Message present(Target target) {
        try {
            return resources.object(target.type(), resources.get(target, ""));
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return null;
            }
            throw e;
        }
    }

    private ServiceCIDR serviceCidr() {
        return ServiceCIDR.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setName(NAME))
                .setSpec(ServiceCIDRSpec.newBuilder().addCidrs(cidr))
                .build();
    }

    private Service service() {
        return Service.newBuilder()
                .setMetadata(meta().putLabels("component", "apiserver").putLabels("provider", "kubernetes"))
                .setSpec(ServiceSpec.newBuilder()
                        .setType("ClusterIP")
                        .setClusterIP(range.address(0))
                        .setSessionAffinity("None")
                        .addPorts(ServicePort.newBuilder()
                                .setName("https")
                                .setProtocol("TCP")
                                .setPort(SERVICE_PORT)
                                .setTargetPort(
                                        IntOrString.newBuilder().setType(0).setIntVal(port))))
                .build();
    }

    private Endpoints endpoints(List<String> servers) {
        io.jollyboat.api.core.v1.EndpointSubset.Builder subset = io.jollyboat.api.core.v1.EndpointSubset.newBuilder();
        servers.forEach(server -> subset.addAddresses(
                io.jollyboat.api.core.v1.EndpointAddress.newBuilder().setIp(server)));
        subset.addPorts(io.jollyboat.api.core.v1.EndpointPort.newBuilder()
                .setName("https")
                .setPort(port)
                .setProtocol("TCP"));
        return Endpoints.newBuilder()
                .setMetadata(meta().putLabels("endpointslice.kubernetes.io/skip-mirror", "true"))
                .addSubsets(subset)
                .build();
    }

    private EndpointSlice slice(List<String> servers) {
        EndpointSlice.Builder slice = EndpointSlice.newBuilder()
                .setMetadata(meta().putLabels("kubernetes.io/service-name", NAME))
                .setAddressType("IPv4")
                .addPorts(io.jollyboat.api.discovery.v1.EndpointPort.newBuilder()
                        .setName("https")
                        .setProtocol("TCP")
                        .setPort(port));
        servers.forEach(server -> slice.addEndpoints(io.jollyboat.api.discovery.v1.Endpoint.newBuilder()
                .addAddresses(server)
                .setConditions(io.jollyboat.api.discovery.v1.EndpointConditions.newBuilder()
                        .setReady(true))));
        return slice.build();
    }

    private static ObjectMeta.Builder meta() {
        return ObjectMeta.newBuilder().setName(NAME).setNamespace(NAMESPACE);
    }
}
