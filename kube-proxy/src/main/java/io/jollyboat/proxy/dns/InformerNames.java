package io.jollyboat.proxy.dns;

import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.discovery.v1.Endpoint;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.proxy.rules.DesiredRules;
import java.util.Collection;
import java.util.List;

/** The cluster's names straight from the informers. */
public final class InformerNames implements ClusterNames {
    /** The index of slices by {@code namespace/service}. */
    public static final String BY_SERVICE = "service";

    private static final String BY_IP = "ip";

    private final Informer<Service> services;
    private final Informer<EndpointSlice> slices;

    /** Adds indexes: before the informers start. */
    public InformerNames(Informer<Service> services, Informer<EndpointSlice> slices) {
        this.services = services;
        this.slices = slices;
        services.addIndex(BY_IP, InformerNames::ips);
        slices.addIndex(BY_SERVICE, s -> List.of(DesiredRules.serviceOf(s).toString()));
        slices.addIndex(
                BY_IP,
                s -> s.getEndpointsList().stream()
                        .filter(e -> e.getAddressesCount() > 0)
                        .map((Endpoint e) -> e.getAddresses(0))
                        .distinct()
                        .toList());
    }

    private static List<String> ips(Service service) {
        return service.getSpec().getClusterIPsList().stream()
                .filter(ip -> !ip.equals("None") && !ip.isEmpty())
                .toList();
    }

    @Override
    public boolean ready() {
        return services.hasSynced() && slices.hasSynced();
    }

    @Override
    public Service service(String namespace, String name) {
        return services.get(ObjectKey.of(namespace, name));
    }

    @Override
    public Collection<Service> services(String namespace) {
        return services.list(namespace);
    }

    @Override
    public Collection<Service> servicesByIp(String ip) {
        return services.byIndex(BY_IP, ip);
    }

    @Override
    public Collection<EndpointSlice> slices(String namespace, String service) {
        return slices.byIndex(BY_SERVICE, ObjectKey.of(namespace, service).toString());
    }

    @Override
    public Collection<EndpointSlice> slicesByAddress(String ip) {
        return slices.byIndex(BY_IP, ip);
    }

    @Override
    public int serial() {
        return (int) Math.max(services.resourceVersion(), slices.resourceVersion());
    }
}
