package io.jollyboat.apiserver.alloc;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.networking.v1.IPAddress;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.log.Log;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds addresses and ports that were taken for a Service that never came about, or that a Service holds without having
 * taken them, as after a crash between two writes. Frees a thing only when nobody held it two times in a row.
 */
public final class AllocationRepair {
    private static final Log LOG = Log.of(AllocationRepair.class);

    private final ServiceAllocation allocation;
    private final ObjectStorages storages;
    private Set<String> looseIps = Set.of();
    private Set<Integer> loosePorts = Set.of();

    public AllocationRepair(ServiceAllocation allocation, ObjectStorages storages) {
        this.allocation = allocation;
        this.storages = storages;
    }

    /** One look at everything; not to be called by two threads at once. */
    public void run() {
        // What is taken is read first: a Service made meanwhile is then seen as its holder.
        List<Entry> addresses =
                storages.of(Kinds.of(IPAddress.class)).cache().snapshot().list("");
        Set<Integer> ports = allocation.ports().taken();
        storages.of(Kinds.of(Service.class)).cache().awaitCurrent().join();
        List<Service> services = storages.of(Kinds.of(Service.class)).cache().snapshot().list("").stream()
                .map(entry -> (Service) message(entry))
                .toList();
        ips(addresses, services);
        ports(ports, services);
    }

    private static Message message(Entry entry) {
        return entry.object();
    }

    private void ips(List<Entry> addresses, List<Service> services) {
        Map<String, Service> held = new java.util.HashMap<>();
        services.forEach(service -> ServiceAllocation.addresses(service).forEach(ip -> held.put(ip, service)));
        Set<String> loose = new HashSet<>();
        Set<String> known = new HashSet<>();
        for (Entry entry : addresses) {
            known.add(entry.name());
            Service holder = held.get(entry.name());
            boolean belongs = holder != null
                    && ServiceIps.belongs(
                            entry,
                            holder.getMetadata().getNamespace(),
                            holder.getMetadata().getName());
            if (!belongs && ServiceIps.isOurs(entry)) {
                loose.add(entry.name());
                if (looseIps.contains(entry.name())) {
                    LOG.info("an address that no Service holds is free again", "address", entry.name());
                    allocation.ips().free(entry);
                }
            }
        }
        looseIps = loose;
        held.forEach((ip, service) -> {
            if (!known.contains(ip) && allocation.ips().covers(ip)) {
                allocation
                        .ips()
                        .take(
                                ip,
                                service.getMetadata().getNamespace(),
                                service.getMetadata().getName());
            }
        });
    }

    private void ports(Set<Integer> taken, List<Service> services) {
        Set<Integer> held = new HashSet<>();
        services.forEach(service -> held.addAll(ServiceAllocation.nodePorts(service)));
        Set<Integer> loose = new HashSet<>(taken);
        loose.removeAll(held);
        Set<Integer> stillLoose = new HashSet<>(loose);
        stillLoose.retainAll(loosePorts);
        if (!stillLoose.isEmpty()) {
            LOG.info("node ports that no Service holds are free again", "ports", stillLoose.toString());
            allocation.ports().release(stillLoose);
        }
        loosePorts = loose;
        held.removeAll(taken);
        held.stream().filter(allocation.ports()::covers).forEach(allocation.ports()::take);
    }
}
