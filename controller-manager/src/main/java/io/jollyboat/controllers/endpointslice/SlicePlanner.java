package io.jollyboat.controllers.endpointslice;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.discovery.v1.Endpoint;
import io.jollyboat.api.discovery.v1.EndpointPort;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.controllers.services.ServicePods;
import io.jollyboat.values.Times;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Decides which slices a Service needs. Pure. */
final class SlicePlanner {
    private final SliceView view;
    private final Service service;
    private final List<EndpointSlice> create = new ArrayList<>();
    private final List<EndpointSlice> update = new ArrayList<>();
    private final List<EndpointSlice> delete = new ArrayList<>();
    private final Set<String> missingNodes = new LinkedHashSet<>();

    private SlicePlanner(SliceView view) {
        this.view = view;
        this.service = view.service();
    }

    static SlicePlan plan(SliceView view) {
        SlicePlanner planner = new SlicePlanner(view);
        planner.plan();
        return planner.result();
    }

    private void plan() {
        List<String> types = SliceMeta.addressTypes(service);
        Map<String, List<EndpointSlice>> byType = new HashMap<>();
        for (EndpointSlice slice : view.slices()) {
            if (types.contains(slice.getAddressType())) {
                byType.computeIfAbsent(slice.getAddressType(), t -> new ArrayList<>())
                        .add(slice);
            } else {
                delete.add(slice);
            }
        }
        for (String type : types) {
            new OfAddressType(type, byType.getOrDefault(type, List.of())).plan();
        }
    }

    private SlicePlan result() {
        // A slice to be deleted is better filled with what would be created.
        for (Iterator<EndpointSlice> old = delete.iterator(); old.hasNext() && !create.isEmpty(); ) {
            EndpointSlice slice = old.next();
            EndpointSlice fresh = create.getLast();
            if (slice.getAddressType().equals(fresh.getAddressType()) && SliceMeta.ownedBy(slice, service)) {
                update.add(fresh.toBuilder()
                        .setMetadata(slice.getMetadata().toBuilder()
                                .clearLabels()
                                .putAllLabels(fresh.getMetadata().getLabelsMap()))
                        .build());
                create.removeLast();
                old.remove();
            }
        }
        boolean goes = service.getMetadata().hasDeletionTimestamp();
        return new SlicePlan(
                goes ? List.of() : create.stream().map(this::stamped).toList(),
                update.stream().map(this::stamped).toList(),
                List.copyOf(delete),
                List.copyOf(missingNodes));
    }

    private EndpointSlice stamped(EndpointSlice slice) {
        ObjectMeta.Builder meta = slice.getMetadata().toBuilder().removeAnnotations(ServicePods.TRIGGER_TIME);
        view.trigger().ifPresent(time -> meta.putAnnotations(ServicePods.TRIGGER_TIME, Times.format(time)));
        return slice.toBuilder().setMetadata(meta).build();
    }

    /** The slices of one address family. */
    private final class OfAddressType {
        private final String type;
        private final List<EndpointSlice> present;

        OfAddressType(String type, List<EndpointSlice> present) {
            this.type = type;
            this.present = present;
        }

        void plan() {
            List<EndpointSlice> created = new ArrayList<>();
            List<EndpointSlice> deleted = new ArrayList<>();
            Map<Set<EndpointPort>, List<EndpointSlice>> byPorts = new LinkedHashMap<>();
            for (EndpointSlice slice : present) {
                if (SliceMeta.ownedBy(slice, service)) {
                    byPorts.computeIfAbsent(new HashSet<>(slice.getPortsList()), p -> new ArrayList<>())
                            .add(slice);
                } else {
                    deleted.add(slice); // of an earlier Service of this name
                }
            }
            Map<Set<EndpointPort>, PortGroup> desired = desired();
            desired.forEach((ports, group) -> {
                SliceFiller.Result result =
                        SliceFiller.fill(service, type, group, byPorts.getOrDefault(ports, List.of()));
                created.addAll(result.create());
                update.addAll(result.update());
                deleted.addAll(result.delete());
            });
            byPorts.forEach((ports, slices) -> {
                if (!desired.containsKey(ports)) {
                    deleted.addAll(slices);
                }
            });
            keepPlaceholder(created, deleted);
            create.addAll(created);
            delete.addAll(deleted);
        }

        private Map<Set<EndpointPort>, PortGroup> desired() {
            Map<Set<EndpointPort>, PortGroup> groups = new LinkedHashMap<>();
            for (Pod pod : view.pods()) {
                if (!ServicePods.isEndpoint(pod, true)) {
                    continue;
                }
                String nodeName = pod.getSpec().getNodeName();
                Node node = view.nodes().get(nodeName);
                if (node == null) {
                    missingNodes.add(nodeName);
                    if (!service.getSpec().getPublishNotReadyAddresses()) {
                        continue;
                    }
                }
                List<EndpointPort> ports = EndpointOfPod.ports(pod, service);
                PortGroup group = groups.computeIfAbsent(new HashSet<>(ports), p -> new PortGroup(ports));
                Endpoint endpoint = EndpointOfPod.endpoint(pod, node, service, type);
                if (endpoint.getAddressesCount() > 0) {
                    group.endpoints().put(PortGroup.Id.of(endpoint), endpoint);
                }
            }
            return groups;
        }

        /** A Service has always at least one slice: readers learn from it that there are no endpoints. */
        private void keepPlaceholder(List<EndpointSlice> created, List<EndpointSlice> deleted) {
            if (deleted.size() != present.size() || !created.isEmpty()) {
                return;
            }
            EndpointSlice placeholder = SliceMeta.newSlice(service, type, List.of());
            if (deleted.size() == 1 && SliceMeta.isPlaceholder(deleted.getFirst(), placeholder)) {
                deleted.clear();
            } else {
                created.add(placeholder);
            }
        }
    }
}
