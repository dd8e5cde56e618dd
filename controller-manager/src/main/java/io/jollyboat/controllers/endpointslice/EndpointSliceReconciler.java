package io.jollyboat.controllers.endpointslice;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controller.Reconciler;
import io.jollyboat.controller.WriteTracker;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.base.Errors;
import io.jollyboat.controllers.objects.Selector;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.controllers.services.ServicePods;
import io.jollyboat.controllers.services.TriggerTimes;
import io.jollyboat.errors.ApiException;
import io.jollyboat.events.EventType;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.ObjectKey;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes the slices of one Service. */
final class EndpointSliceReconciler implements Reconciler {
    static final String SERVICE_INDEX = "service";
    private static final Duration UNTIL_OWN_WRITES_SHOW = Duration.ofMillis(500);
    private static final Duration UNTIL_NODE_IS_KNOWN = Duration.ofSeconds(5);

    private final ControllerContext context;
    private final Informer<Service> services;
    private final Informer<Pod> pods;
    private final Informer<EndpointSlice> slices;
    private final Informer<Node> nodes;
    private final WriteTracker writes = new WriteTracker();
    private final TriggerTimes triggerTimes = new TriggerTimes();

    EndpointSliceReconciler(
            ControllerContext context,
            Informer<Service> services,
            Informer<Pod> pods,
            Informer<EndpointSlice> slices,
            Informer<Node> nodes) {
        this.context = context;
        this.services = services;
        this.pods = pods;
        this.slices = slices;
        this.nodes = nodes;
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Service service = services.get(key);
        if (service == null) {
            writes.forget(key);
            triggerTimes.forget(key);
            return Outcome.done();
        }
        if (!ServicePods.hasSelector(service)) {
            return Outcome.done();
        }
        if (!writes.caughtUp(key)) {
            return Outcome.after(UNTIL_OWN_WRITES_SHOW);
        }
        SlicePlan plan = SlicePlanner.plan(view(service));
        try {
            carryOut(key, plan);
        } catch (RuntimeException e) {
            if (Errors.isNamespaceTerminating(e)) {
                return Outcome.done();
            }
            context.events()
                    .record(
                            Types.SERVICES,
                            service,
                            EventType.WARNING,
                            "FailedToUpdateEndpointSlices",
                            "Error updating Endpoint Slices for Service " + key + ": " + e.getMessage());
            throw e;
        }
        return plan.missingNodes().isEmpty() ? Outcome.done() : Outcome.after(UNTIL_NODE_IS_KNOWN);
    }

    private SliceView view(Service service) {
        Selector selector = Selector.of(service.getSpec().getSelectorMap());
        String namespace = service.getMetadata().getNamespace();
        List<Pod> selected = pods.list(namespace).stream()
                .filter(pod -> selector.matches(pod.getMetadata().getLabelsMap()))
                .toList();
        Map<String, Node> known = new HashMap<>();
        for (Pod pod : selected) {
            Node node = nodes.get(ObjectKey.cluster(pod.getSpec().getNodeName()));
            if (node != null) {
                known.put(pod.getSpec().getNodeName(), node);
            }
        }
        List<EndpointSlice> present = slices
                .byIndex(SERVICE_INDEX, Types.SERVICES.key(service).toString())
                .stream()
                .filter(slice -> !slice.getMetadata().hasDeletionTimestamp())
                .sorted(Comparator.comparing(slice -> slice.getMetadata().getName()))
                .toList();
        return new SliceView(service, selected, present, known, triggerTimes.next(service, selected));
    }

    private void carryOut(ObjectKey key, SlicePlan plan) {
        for (EndpointSlice slice : plan.create()) {
            writes.wrote(key, slices, context.client().create(Types.ENDPOINT_SLICES, slice));
        }
        for (EndpointSlice slice : plan.update()) {
            writes.wrote(key, slices, context.client().update(Types.ENDPOINT_SLICES, slice));
        }
        for (EndpointSlice slice : plan.delete()) {
            ObjectKey sliceKey = Types.ENDPOINT_SLICES.key(slice);
            try {
                context.client().delete(Types.ENDPOINT_SLICES, sliceKey, DeleteOptions.getDefaultInstance());
            } catch (ApiException e) {
                if (!e.isNotFound()) {
                    throw e;
                }
            }
            writes.deleted(key, slices, sliceKey, slice.getMetadata().getUid());
        }
    }
}
