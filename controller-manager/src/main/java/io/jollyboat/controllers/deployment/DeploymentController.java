package io.jollyboat.controllers.deployment;

import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.base.Indexes;
import io.jollyboat.controllers.base.OwnerHandlers;
import io.jollyboat.controllers.objects.Owners;
import io.jollyboat.controllers.objects.Selector;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.ObjectKey;

/** Puts the controller of Deployments together. */
public final class DeploymentController {
    private static final int WORKERS = 5;

    private DeploymentController() {}

    public static Controller create(ControllerContext context) {
        Informer<Deployment> deployments = context.informers().of(Types.DEPLOYMENTS);
        Informer<ReplicaSet> sets = Indexes.byController(context.informers().of(Types.REPLICA_SETS));
        Informer<Pod> pods = Indexes.byController(context.informers().of(Types.PODS));
        ControllerLoop loop =
                context.loop("deployment", WORKERS, new DeploymentReconciler(context, deployments, sets, pods));
        OwnerHandlers.install(deployments, sets, d -> Selector.of(d.getSpec().getSelector()), loop);
        pods.addHandler((before, after) -> {
            // A Recreate waits for the last old pod to be gone.
            if (after == null) {
                wakeRecreate(before, sets, deployments, loop);
            }
        });
        return Controller.of(loop, deployments, sets, pods);
    }

    private static void wakeRecreate(
            Pod gone, Informer<ReplicaSet> sets, Informer<Deployment> deployments, ControllerLoop loop) {
        Owners.controllerOf(gone.getMetadata())
                .filter(reference -> reference.getKind().equals("ReplicaSet"))
                .map(reference -> sets.get(ObjectKey.of(gone.getMetadata().getNamespace(), reference.getName())))
                .flatMap(set -> Owners.controllerOf(set.getMetadata()))
                .map(reference -> ObjectKey.of(gone.getMetadata().getNamespace(), reference.getName()))
                .filter(key -> {
                    Deployment deployment = deployments.get(key);
                    return deployment != null
                            && deployment.getSpec().getStrategy().getType().equals("Recreate");
                })
                .ifPresent(loop::add);
    }
}
