package io.jollyboat.controllers.endpoints;

import io.jollyboat.api.core.v1.Endpoints;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Service;
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
import java.util.List;
import java.util.Optional;

/** Writes the Endpoints of one Service, and removes them with it. */
final class EndpointsReconciler implements Reconciler {
    private static final Duration UNTIL_OWN_WRITES_SHOW = Duration.ofMillis(500);

    private final ControllerContext context;
    private final Informer<Service> services;
    private final Informer<Pod> pods;
    private final Informer<Endpoints> endpoints;
    private final WriteTracker writes = new WriteTracker();
    private final TriggerTimes triggerTimes = new TriggerTimes();

    EndpointsReconciler(
            ControllerContext context, Informer<Service> services, Informer<Pod> pods, Informer<Endpoints> endpoints) {
        this.context = context;
        this.services = services;
        this.pods = pods;
        this.endpoints = endpoints;
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Service service = services.get(key);
        if (service == null) {
            remove(key);
            return Outcome.done();
        }
        if (!ServicePods.hasSelector(service)) {
            return Outcome.done();
        }
        if (!writes.caughtUp(key)) {
            return Outcome.after(UNTIL_OWN_WRITES_SHOW);
        }
        Selector selector = Selector.of(service.getSpec().getSelectorMap());
        List<Pod> selected = pods.list(key.namespace()).stream()
                .filter(pod -> selector.matches(pod.getMetadata().getLabelsMap()))
                .toList();
        Endpoints present = endpoints.get(key);
        Optional<Endpoints> wanted =
                EndpointsPlanner.plan(service, selected, present, triggerTimes.next(service, selected));
        if (wanted.isPresent()) {
            write(key, service, present == null, wanted.get());
        }
        return Outcome.done();
    }

    private void write(ObjectKey key, Service service, boolean create, Endpoints wanted) {
        try {
            Endpoints written = create
                    ? context.client().create(Types.ENDPOINTS, wanted)
                    : context.client().update(Types.ENDPOINTS, wanted);
            writes.wrote(key, endpoints, written);
        } catch (RuntimeException e) {
            if (Errors.isNamespaceTerminating(e)) {
                return;
            }
            context.events()
                    .record(
                            Types.ENDPOINTS,
                            wanted,
                            EventType.WARNING,
                            create ? "FailedToCreateEndpoint" : "FailedToUpdateEndpoint",
                            (create ? "Failed to create endpoint for service " : "Failed to update endpoint ")
                                    + Types.SERVICES.key(service) + ": " + e.getMessage());
            throw e;
        }
    }

    private void remove(ObjectKey key) {
        writes.forget(key);
        triggerTimes.forget(key);
        if (endpoints.get(key) == null) {
            return;
        }
        try {
            context.client().delete(Types.ENDPOINTS, key, DeleteOptions.getDefaultInstance());
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }
}
