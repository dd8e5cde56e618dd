package io.jollyboat.controllers.endpoints;

import io.jollyboat.api.core.v1.Endpoints;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.controllers.services.PodChanges;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.ObjectKey;

/** Puts the controller of Endpoints together. */
public final class EndpointsController {
    private static final int WORKERS = 5;
    private static final String LEADER = "control-plane.alpha.kubernetes.io/leader";

    private EndpointsController() {}

    public static Controller create(ControllerContext context) {
        Informer<Service> services = context.informers().of(Types.SERVICES);
        Informer<Pod> pods = context.informers().of(Types.PODS);
        Informer<Endpoints> endpoints = context.informers().of(Types.ENDPOINTS);
        ControllerLoop loop =
                context.loop("endpoint", WORKERS, new EndpointsReconciler(context, services, pods, endpoints));
        services.addHandler((before, after) -> loop.add(Types.SERVICES.key(after == null ? before : after)));
        pods.addHandler(new PodChanges(services, loop));
        endpoints.addHandler((before, after) -> {
            Endpoints object = after == null ? before : after;
            ObjectKey key = Types.ENDPOINTS.key(object);
            // Those of a Service that went while nobody watched are found in the first list; later ones without a
            // Service are their makers' own.
            boolean leftOver = !endpoints.hasSynced() && !object.getMetadata().containsAnnotations(LEADER);
            if (after == null || leftOver || services.get(key) != null) {
                loop.add(key);
            }
        });
        return Controller.of(loop, services, pods, endpoints);
    }
}
