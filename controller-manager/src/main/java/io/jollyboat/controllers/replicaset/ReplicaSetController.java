package io.jollyboat.controllers.replicaset;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.base.Indexes;
import io.jollyboat.controllers.base.OwnerHandlers;
import io.jollyboat.controllers.objects.Selector;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.informer.Informer;

/** Puts the controllers of ReplicaSets and ReplicationControllers together. */
public final class ReplicaSetController {
    private static final int WORKERS = 5;

    private ReplicaSetController() {}

    public static Controller replicaSets(ControllerContext context) {
        return create("replicaset", new Variant.OfReplicaSets(), context);
    }

    public static Controller replicationControllers(ControllerContext context) {
        return create("replicationcontroller", new Variant.OfReplicationControllers(), context);
    }

    private static <T extends Message> Controller create(String name, Variant<T> variant, ControllerContext context) {
        Informer<T> sets = Indexes.byController(context.informers().of(variant.type()));
        Informer<Pod> pods = Indexes.byController(context.informers().of(Types.PODS));
        ControllerLoop loop = context.loop(name, WORKERS, new ReplicaSetReconciler<>(variant, context, sets, pods));
        OwnerHandlers.install(
                sets, pods, set -> Selector.of(variant.view(set).getSpec().getSelector()), loop);
        return Controller.of(loop, sets, pods);
    }
}
