package io.jollyboat.controllers.endpointslice;

import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.discovery.v1.Endpoint;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Distributes endpoints over slices with few writes: what is in a slice stays there; new endpoints go first into slices
 * that are written anyway, then into one that has room for all the rest, then into new ones.
 */
final class SliceFiller {
    static final int MAX_ENDPOINTS = 100;

    private final Service service;
    private final Map<PortGroup.Id, Endpoint> missing;
    private final List<EndpointSlice> unchanged = new ArrayList<>();
    private final List<EndpointSlice.Builder> changed = new ArrayList<>();
    private final List<EndpointSlice> delete = new ArrayList<>();

    private SliceFiller(Service service, PortGroup group) {
        this.service = service;
        this.missing = new LinkedHashMap<>(group.endpoints());
    }

    static Result fill(Service service, String addressType, PortGroup group, List<EndpointSlice> present) {
        SliceFiller filler = new SliceFiller(service, group);
        present.forEach(filler::keep);
        filler.changed.sort(Comparator.comparingInt(EndpointSlice.Builder::getEndpointsCount)
                .reversed());
        Deque<Endpoint> rest = new ArrayDeque<>(filler.missing.values());
        filler.changed.forEach(slice -> pour(rest, slice));
        if (!rest.isEmpty() && rest.size() < MAX_ENDPOINTS) {
            filler.fullestWithRoomFor(rest.size(), rest);
        }
        List<EndpointSlice> create = new ArrayList<>();
        while (!rest.isEmpty()) {
            EndpointSlice.Builder slice = SliceMeta.newSlice(service, addressType, group.ports()).toBuilder();
            pour(rest, slice);
            create.add(slice.build());
        }
        return new Result(
                create,
                filler.changed.stream().map(EndpointSlice.Builder::build).toList(),
                filler.delete);
    }

    /** Leaves in the slice what is still wanted. */
    private void keep(EndpointSlice slice) {
        List<Endpoint> kept = new ArrayList<>();
        for (Endpoint endpoint : slice.getEndpointsList()) {
            Endpoint wanted = missing.remove(PortGroup.Id.of(endpoint));
            if (wanted != null) {
                kept.add(wanted);
            }
        }
        if (kept.isEmpty() && slice.getEndpointsCount() > 0) {
            delete.add(slice);
            return;
        }
        Map<String, String> labels = SliceMeta.labels(service);
        if (kept.equals(slice.getEndpointsList())
                && labels.equals(slice.getMetadata().getLabelsMap())) {
            unchanged.add(slice);
            return;
        }
        EndpointSlice.Builder next = slice.toBuilder().clearEndpoints().addAllEndpoints(kept);
        next.getMetadataBuilder().clearLabels().putAllLabels(labels);
        changed.add(next);
    }

    private void fullestWithRoomFor(int count, Deque<Endpoint> rest) {
        unchanged.stream()
                .filter(slice -> slice.getEndpointsCount() + count <= MAX_ENDPOINTS)
                .max(Comparator.comparingInt(EndpointSlice::getEndpointsCount))
                .ifPresent(slice -> {
                    EndpointSlice.Builder next = slice.toBuilder();
                    pour(rest, next);
                    changed.add(next);
                });
    }

    private static void pour(Deque<Endpoint> from, EndpointSlice.Builder slice) {
        while (!from.isEmpty() && slice.getEndpointsCount() < MAX_ENDPOINTS) {
            slice.addEndpoints(from.remove());
        }
    }

    record Result(List<EndpointSlice> create, List<EndpointSlice> update, List<EndpointSlice> delete) {}
}
