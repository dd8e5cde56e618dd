package io.jollyboat.controllers.mirroring;

import io.jollyboat.api.core.v1.Endpoints;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controller.WriteTracker;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.base.Errors;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.errors.ApiException;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.ObjectKey;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Keeps the mirrors. */
public final class MirroringController {
    private static final String INDEX = "mirrored";
    private static final String SKIP = "endpointslice.kubernetes.io/skip-mirror";
    private static final String LEADER = "control-plane.alpha.kubernetes.io/leader";
    private static final Duration UNTIL_OWN_WRITES_SHOW = Duration.ofMillis(500);
    private static final int WORKERS = 2;

    private final ControllerContext context;
    private final Informer<Endpoints> endpoints;
    private final Informer<Service> services;
    private final Informer<EndpointSlice> slices;
    private final WriteTracker writes = new WriteTracker();

    private MirroringController(ControllerContext context) {
        this.context = context;
        this.endpoints = context.informers().of(Types.ENDPOINTS);
        this.services = context.informers().of(Types.SERVICES);
        this.slices = context.informers().of(Types.ENDPOINT_SLICES);
    }

    public static Controller create(ControllerContext context) {
        MirroringController controller = new MirroringController(context);
        ControllerLoop loop = context.loop("endpointslice-mirroring", WORKERS, controller::reconcile);
        controller.slices.addIndex(
                INDEX, slice -> isMirror(slice) ? List.of(mirrored(slice).toString()) : List.of());
        controller.endpoints.addHandler(
                (before, after) -> loop.add(Types.ENDPOINTS.key(after == null ? before : after)));
        controller.services.addHandler((before, after) -> {
            // Only the coming, the going and a change of selector concern a mirror.
            if (before == null
                    || after == null
                    || (before.getSpec().getSelectorCount() == 0)
                            != (after.getSpec().getSelectorCount() == 0)) {
                loop.add(Types.SERVICES.key(after == null ? before : after));
            }
        });
        controller.slices.addHandler((before, after) -> {
            EndpointSlice slice = after == null ? before : after;
            if (isMirror(slice)) {
                loop.add(mirrored(slice));
            }
        });
        return Controller.of(loop, controller.endpoints, controller.services, controller.slices);
    }

    private static boolean isMirror(EndpointSlice slice) {
        Map<String, String> labels = slice.getMetadata().getLabelsMap();
        return MirrorPlanner.MANAGER.equals(labels.get(MirrorPlanner.MANAGED_BY))
                && labels.containsKey(MirrorPlanner.SERVICE_NAME);
    }

    private static ObjectKey mirrored(EndpointSlice slice) {
        return ObjectKey.of(
                slice.getMetadata().getNamespace(), slice.getMetadata().getLabelsOrThrow(MirrorPlanner.SERVICE_NAME));
    }

    private Outcome reconcile(ObjectKey key) {
        if (!writes.caughtUp(key)) {
            return Outcome.after(UNTIL_OWN_WRITES_SHOW);
        }
        List<EndpointSlice> present = slices.byIndex(INDEX, key.toString()).stream()
                .filter(slice -> !slice.getMetadata().hasDeletionTimestamp())
                .sorted(Comparator.comparing(slice -> slice.getMetadata().getName()))
                .toList();
        Endpoints source = endpoints.get(key);
        Service service = services.get(key);
        if (source == null || service == null || !isToBeMirrored(source, service)) {
            present.forEach(slice -> delete(key, slice));
            if (source == null) {
                writes.forget(key);
            }
            return Outcome.done();
        }
        MirrorPlanner.Plan plan = MirrorPlanner.plan(source, present);
        try {
            for (EndpointSlice slice : plan.create()) {
                writes.wrote(key, slices, context.client().create(Types.ENDPOINT_SLICES, slice));
            }
            for (EndpointSlice slice : plan.update()) {
                writes.wrote(key, slices, context.client().update(Types.ENDPOINT_SLICES, slice));
            }
        } catch (ApiException e) {
            if (Errors.isNamespaceTerminating(e)) {
                return Outcome.done();
            }
            throw e;
        }
        plan.delete().forEach(slice -> delete(key, slice));
        return Outcome.done();
    }

    private static boolean isToBeMirrored(Endpoints source, Service service) {
        return service.getSpec().getSelectorCount() == 0
                && !source.getMetadata().getLabelsOrDefault(SKIP, "").equals("true")
                && !source.getMetadata().containsAnnotations(LEADER);
    }

    private void delete(ObjectKey key, EndpointSlice slice) {
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
