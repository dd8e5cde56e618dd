package io.jollyboat.controllers.deployment;

import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controller.Reconciler;
import io.jollyboat.controller.WriteTracker;
import io.jollyboat.controllers.base.Claims;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.base.Indexes;
import io.jollyboat.controllers.objects.Selector;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.ObjectKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gathers what a plan needs and has it carried out. */
final class DeploymentReconciler implements Reconciler {
    private static final Duration UNTIL_OWN_WRITES_SHOW = Duration.ofMillis(500);

    private final ControllerContext context;
    private final Informer<Deployment> deployments;
    private final Informer<Pod> pods;
    private final WriteTracker writes = new WriteTracker();
    private final Claims<ReplicaSet> claims;
    private final DeploymentExecutor executor;

    DeploymentReconciler(
            ControllerContext context,
            Informer<Deployment> deployments,
            Informer<ReplicaSet> sets,
            Informer<Pod> pods) {
        this.context = context;
        this.deployments = deployments;
        this.pods = pods;
        this.claims = new Claims<>(context.client(), Types.DEPLOYMENTS, sets, writes);
        this.executor = new DeploymentExecutor(context, deployments, sets, writes);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Deployment deployment = deployments.get(key);
        if (deployment == null) {
            writes.forget(key);
            return Outcome.done();
        }
        if (!writes.caughtUp(key)) {
            return Outcome.after(UNTIL_OWN_WRITES_SHOW);
        }
        ObjectMeta meta = deployment.getMetadata();
        Selector selector = Selector.of(deployment.getSpec().getSelector());
        // Without a selector nothing is ours, and nothing is to be released either: the plan only says so.
        List<ReplicaSet> sets = selector.isEmpty() ? List.of() : claims.claim(meta, selector, claims.candidates(meta));
        Map<String, List<Pod>> podsBySet = new HashMap<>();
        for (ReplicaSet set : sets) {
            String uid = set.getMetadata().getUid();
            podsBySet.put(uid, List.copyOf(Indexes.controlledBy(pods, uid)));
        }
        DeploymentView view = new DeploymentView(deployment, sets, podsBySet);
        return executor.execute(
                deployment, DeploymentPlanner.plan(view, context.runtime().now()));
    }
}
