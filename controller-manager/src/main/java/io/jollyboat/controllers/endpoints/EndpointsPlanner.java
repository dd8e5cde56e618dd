package io.jollyboat.controllers.endpoints;

import io.jollyboat.api.core.v1.EndpointSubset;
import io.jollyboat.api.core.v1.Endpoints;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.Time;
import io.jollyboat.controllers.services.ServicePods;
import io.jollyboat.values.Times;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Decides what a Service's Endpoints object is to be. Pure. */
final class EndpointsPlanner {
    static final String OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";
    static final String MANAGED_BY = "endpoints.kubernetes.io/managed-by";
    static final String MANAGER = "endpoint-controller";

    private EndpointsPlanner() {}

    /**
     * The object to create or to update; empty when the present one is as it should be.
     *
     * @param present null when there is none
     */
    static Optional<Endpoints> plan(Service service, Collection<Pod> pods, Endpoints present, Optional<Time> trigger) {
        List<EndpointSubset> all = Subsets.of(service, pods);
        List<EndpointSubset> subsets = Capacity.truncate(all);
        boolean truncated = Capacity.size(all) > Capacity.MAX_ADDRESSES;
        Map<String, String> labels = labels(service);
        if (present != null
                && present.getSubsetsList().equals(subsets)
                && present.getMetadata().getLabelsMap().equals(labels)
                && present.getMetadata().containsAnnotations(OVER_CAPACITY) == truncated) {
            return Optional.empty();
        }
        Endpoints.Builder result = present == null ? Endpoints.newBuilder() : present.toBuilder();
        ObjectMeta.Builder meta = result.getMetadataBuilder()
                .setName(service.getMetadata().getName())
                .setNamespace(service.getMetadata().getNamespace())
                .clearLabels()
                .putAllLabels(labels)
                .removeAnnotations(ServicePods.TRIGGER_TIME)
                .removeAnnotations(OVER_CAPACITY);
        trigger.ifPresent(time -> meta.putAnnotations(ServicePods.TRIGGER_TIME, Times.format(time)));
        if (truncated) {
            meta.putAnnotations(OVER_CAPACITY, "truncated");
        }
        return Optional.of(result.clearSubsets().addAllSubsets(subsets).build());
    }

    private static Map<String, String> labels(Service service) {
        Map<String, String> labels = new TreeMap<>(service.getMetadata().getLabelsMap());
        labels.remove(ServicePods.HEADLESS_LABEL);
        if (ServicePods.isHeadless(service)) {
            labels.put(ServicePods.HEADLESS_LABEL, "");
        }
        labels.put(MANAGED_BY, MANAGER);
        return labels;
    }
}
