package io.jollyboat.controllers.nodelifecycle;

import io.jollyboat.api.coordination.v1.Lease;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.base.Indexes;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.errors.ApiException;
import io.jollyboat.events.EventType;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.log.Log;
import java.time.Instant;

/** Puts the node controller together: health, taints from conditions, and eviction by zones. */
public final class NodeLifecycleController {
    private static final Log LOG = Log.of(NodeLifecycleController.class);
    private static final ResourceType<Lease> LEASES = Kinds.of(Lease.class);
    private static final String LEASE_NAMESPACE = "kube-node-lease";
    /** Evictions are planned for the cluster as a whole: one key, one worker. */
    private static final ObjectKey CLUSTER = ObjectKey.cluster("cluster");

    private final ControllerContext context;
    private final Informer<Node> nodes;
    private final NodeSignals signals;
    private final EvictionPlanner evictions;

    private NodeLifecycleController(ControllerContext context, NodeLifecycleConfig config) {
        this.context = context;
        this.nodes = context.informers().of(Types.NODES);
        this.signals = new NodeSignals(context.runtime());
        this.evictions = new EvictionPlanner(config);
    }

    public static Controller create(ControllerContext context, NodeLifecycleConfig config) {
        return new NodeLifecycleController(context, config).assemble(config);
    }

    private Controller assemble(NodeLifecycleConfig config) {
        Informer<Pod> pods = Indexes.byNode(context.informers().of(Types.PODS));
        Informer<Lease> leases = context.informers().of(LEASES);
        HealthReconciler health = new HealthReconciler(context, config, nodes, pods, signals);
        ControllerLoop healthLoop = context.loop("node-health", 4, health);
        ControllerLoop taintLoop = context.loop("node-taints", 4, this::reconcileTaints);
        ControllerLoop evictionLoop = context.loop("node-evictions", 1, key -> reconcileEvictions());

        leases.addHandler((before, after) -> {
            if (after != null
                    && after.getMetadata().getNamespace().equals(LEASE_NAMESPACE)
                    && (before == null
                            || !before.getSpec()
                                    .getRenewTime()
                                    .equals(after.getSpec().getRenewTime()))) {
                signals.heard(after.getMetadata().getName());
            }
        });
        nodes.addHandler((before, after) -> {
            if (after == null) {
                health.forget(before.getMetadata().getName());
                announce(before, "RemovingNode", "Removing Node %s from Controller");
                evictionLoop.add(CLUSTER);
                return;
            }
            if (before == null) {
                announce(after, "RegisteredNode", "Registered Node %s in Controller");
            }
            signals.nodeChanged(before, after);
            boolean changed = before == null || !Nodes.readiness(before).equals(Nodes.readiness(after));
            if (changed) {
                if (before != null && Nodes.readiness(before).equals("True")) {
                    health.ceasedToBeReady(after);
                }
                healthLoop.add(Types.NODES.key(after));
            }
            if (!Taints.withScheduling(after, Instant.EPOCH).equals(after)) {
                taintLoop.add(Types.NODES.key(after));
            }
            if (changed
                    || !before.getSpec().getTaintsList().equals(after.getSpec().getTaintsList())
                    || !Nodes.zone(before).equals(Nodes.zone(after))) {
                evictionLoop.add(CLUSTER);
            }
        });
        return Controller.of(healthLoop, nodes, pods, leases)
                .and(taintLoop, nodes)
                .and(evictionLoop, nodes, leases);
    }

    private Outcome reconcileTaints(ObjectKey key) {
        Node node = nodes.get(key);
        if (node != null) {
            Node wanted = Taints.withScheduling(node, context.runtime().now());
            if (!wanted.equals(node)) {
                context.client().update(Types.NODES, wanted);
            }
        }
        return Outcome.done();
    }

    private Outcome reconcileEvictions() {
        EvictionPlanner.Plan plan =
                evictions.plan(nodes.list(), context.runtime().now());
        if (plan.recovered()) {
            signals.heardAll();
        }
        for (Node node : plan.change()) {
            try {
                context.client().update(Types.NODES, node);
                LOG.info("node's eviction changed", "key", Types.NODES.key(node), "readiness", Nodes.readiness(node));
            } catch (ApiException e) {
                LOG.debug("node's eviction not changed", "key", Types.NODES.key(node), "status", e.getMessage());
                // Changed or gone: the cache will show it and bring us back.
                if (!e.isConflict() && !e.isNotFound()) {
                    throw e;
                }
            }
        }
        return plan.again().map(Outcome::after).orElse(Outcome.done());
    }

    private void announce(Node node, String reason, String format) {
        context.events()
                .record(
                        Types.NODES,
                        node,
                        EventType.NORMAL,
                        reason,
                        format.formatted(node.getMetadata().getName()));
    }
}
