package io.jollyboat.controllers.nodelifecycle;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodCondition;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controller.Reconciler;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.base.Indexes;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.errors.ApiException;
import io.jollyboat.events.EventType;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.values.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Notices silence. One look for each node and grace period, whatever the number of heartbeats: they only move the
 * deadline.
 */
final class HealthReconciler implements Reconciler {
    private final ControllerContext context;
    private final NodeLifecycleConfig config;
    private final Informer<Node> nodes;
    private final Informer<Pod> pods;
    private final NodeSignals signals;
    /** Nodes that ceased to be ready and whose pods are to be told. */
    private final Set<String> ceased = ConcurrentHashMap.newKeySet();

    HealthReconciler(
            ControllerContext context,
            NodeLifecycleConfig config,
            Informer<Node> nodes,
            Informer<Pod> pods,
            NodeSignals signals) {
        this.context = context;
        this.config = config;
        this.nodes = nodes;
        this.pods = pods;
        this.signals = signals;
    }

    /** The node's readiness went from True to something else. */
    void ceasedToBeReady(Node node) {
        if (ceased.add(node.getMetadata().getName())) {
            context.events()
                    .record(
                            Types.NODES,
                            node,
                            EventType.NORMAL,
                            "NodeNotReady",
                            "Node " + node.getMetadata().getName() + " status is now: NodeNotReady");
        }
    }

    void forget(String node) {
        signals.forget(node);
        ceased.remove(node);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Node node = nodes.get(key);
        if (node == null) {
            return Outcome.done();
        }
        Instant now = context.runtime().now();
        Duration grace = Nodes.readiness(node).isEmpty() ? config.startupGracePeriod() : config.monitorGracePeriod();
        Duration left = Duration.between(now, signals.lastHeard(key.name()).plus(grace));
        if (!left.isNegative()) {
            if (ceased.contains(key.name())) {
                markPods(node, now);
            }
            // A moment more: the deadline itself is still in time.
            return Outcome.after(left.plusMillis(1));
        }
        Node unknown = Silence.unknown(node, now);
        if (!unknown.equals(node)) {
            return declareUnknown(unknown, grace);
        }
        if (ceased.contains(key.name())) {
            markPods(node, now);
        }
        return Outcome.done();
    }

    private Outcome declareUnknown(Node unknown, Duration grace) {
        try {
            context.client().updateStatus(Types.NODES, unknown);
        } catch (ApiException e) {
            if (e.code() < 500) {
                throw e;
            }
            // The silence is the server's, or its store's: the nodes could not be heard, and get their time again.
            signals.heardAll();
            return Outcome.after(grace);
        }
        // The cache's news of this brings us back, to tell the pods.
        return Outcome.done();
    }

    /** Endpoints must not lead to a node that does not answer. */
    private void markPods(Node node, Instant now) {
        String name = node.getMetadata().getName();
        for (Pod pod : Indexes.onNode(pods, name)) {
            for (int i = 0; i < pod.getStatus().getConditionsCount(); i++) {
                PodCondition condition = pod.getStatus().getConditions(i);
                if (condition.getType().equals("Ready")
                        && !condition.getStatus().equals("False")) {
                    markPod(pod, i, now);
                }
            }
        }
        ceased.remove(name);
    }

    private void markPod(Pod pod, int conditionIndex, Instant now) {
        Pod.Builder next = pod.toBuilder();
        next.getStatusBuilder()
                .getConditionsBuilder(conditionIndex)
                .setStatus("False")
                .setLastTransitionTime(Times.time(now));
        try {
            context.client().updateStatus(Types.PODS, next.build());
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return;
            }
            throw e;
        }
        context.events().record(Types.PODS, pod, EventType.WARNING, "NodeNotReady", "Node is not ready");
    }
}
