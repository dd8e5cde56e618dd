package io.jollyboat.controllers.endpointslice;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.controllers.services.PodChanges;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.ObjectKey;
import java.util.List;
import java.util.Map;

/** Puts the controller of EndpointSlices together. */
public final class EndpointSliceController {
    private static final int WORKERS = 5;

    private EndpointSliceController() {}

    public static Controller create(ControllerContext context) {
        Informer<Service> services = context.informers().of(Types.SERVICES);
        Informer<Pod> pods = context.informers().of(Types.PODS);
        Informer<EndpointSlice> slices = context.informers().of(Types.ENDPOINT_SLICES);
        Informer<Node> nodes = context.informers().of(Types.NODES);
        slices.addIndex(
                EndpointSliceReconciler.SERVICE_INDEX,
                slice -> isOurs(slice) ? List.of(serviceOf(slice).toString()) : List.of());
        ControllerLoop loop = context.loop(
                "endpointslice", WORKERS, new EndpointSliceReconciler(context, services, pods, slices, nodes));
        services.addHandler((before, after) -> loop.add(Types.SERVICES.key(after == null ? before : after)));
        pods.addHandler(new PodChanges(services, loop));
        slices.addHandler((before, after) -> {
            // Others' changes, and our own: what we skipped until they showed.
            if (before != null && isOurs(before)) {
                loop.add(serviceOf(before));
            }
            if (after != null && isOurs(after)) {
                loop.add(serviceOf(after));
            }
        });
        return Controller.of(loop, services, pods, slices, nodes);
    }

    private static boolean isOurs(EndpointSlice slice) {
        Map<String, String> labels = slice.getMetadata().getLabelsMap();
        return SliceMeta.MANAGER.equals(labels.get(SliceMeta.MANAGED_BY)) && labels.containsKey(SliceMeta.SERVICE_NAME);
    }

    private static ObjectKey serviceOf(EndpointSlice slice) {
        return ObjectKey.of(
                slice.getMetadata().getNamespace(), slice.getMetadata().getLabelsOrThrow(SliceMeta.SERVICE_NAME));
    }
}
