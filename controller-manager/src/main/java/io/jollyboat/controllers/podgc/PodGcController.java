package io.jollyboat.controllers.podgc;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.Preconditions;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.base.Indexes;
import io.jollyboat.controllers.objects.PodConditions;
import io.jollyboat.controllers.objects.Pods;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.errors.ApiException;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.ObjectKey;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Removes them, for good: without waiting for a kubelet. */
public final class PodGcController {
    /** A node may register again; its pods are given this long. */
    private static final Duration QUARANTINE = Duration.ofSeconds(40);

    private static final ObjectKey TERMINATED = ObjectKey.cluster("terminated");
    private static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

    private final ControllerContext context;
    private final int threshold;
    private final Informer<Node> nodes;
    private final Informer<Pod> pods;
    private final AtomicInteger terminated = new AtomicInteger();

    private PodGcController(ControllerContext context, int threshold) {
        this.context = context;
        this.threshold = threshold;
        this.nodes = context.informers().of(Types.NODES);
        this.pods = Indexes.byNode(context.informers().of(Types.PODS));
    }

    /** @param terminatedThreshold finished pods that may stay; 0: all */
    public static Controller create(ControllerContext context, int terminatedThreshold) {
        PodGcController controller = new PodGcController(context, terminatedThreshold);
        ControllerLoop loop = context.loop("pod-gc", 4, controller::reconcile);
        ControllerLoop terminatedLoop = context.loop("pod-gc-terminated", 1, key -> controller.collectTerminated());
        controller.nodes.addHandler((before, after) -> {
            String name = (after == null ? before : after).getMetadata().getName();
            boolean outOfService = after != null && isOutOfService(after);
            if (after == null || (outOfService && !(before != null && isOutOfService(before)))) {
                for (Pod pod : Indexes.onNode(controller.pods, name)) {
                    loop.addAfter(Types.PODS.key(pod), after == null ? QUARANTINE : Duration.ZERO);
                }
            }
        });
        controller.pods.addHandler((before, after) -> {
            int change = (after != null && Pods.isTerminal(after) ? 1 : 0)
                    - (before != null && Pods.isTerminal(before) ? 1 : 0);
            if (controller.terminated.addAndGet(change) > terminatedThreshold && terminatedThreshold > 0) {
                terminatedLoop.add(TERMINATED);
            }
            if (after != null) {
                controller.consider(before, after, loop);
            }
        });
        return Controller.of(loop, controller.pods, controller.nodes).and(terminatedLoop, controller.pods);
    }

    private void consider(Pod before, Pod after, ControllerLoop loop) {
        String node = after.getSpec().getNodeName();
        boolean deleted = after.getMetadata().hasDeletionTimestamp()
                && (before == null || !before.getMetadata().hasDeletionTimestamp());
        boolean bound = !node.isEmpty()
                && (before == null || before.getSpec().getNodeName().isEmpty());
        if (deleted) {
            loop.add(Types.PODS.key(after));
        } else if (bound && nodes.get(ObjectKey.cluster(node)) == null) {
            loop.addAfter(Types.PODS.key(after), QUARANTINE);
        }
    }

    private Outcome reconcile(ObjectKey key) {
        Pod pod = pods.get(key);
        if (pod == null) {
            return Outcome.done();
        }
        String nodeName = pod.getSpec().getNodeName();
        boolean goes = pod.getMetadata().hasDeletionTimestamp();
        if (nodeName.isEmpty()) {
            if (goes) {
                remove(key, pod);
            }
            return Outcome.done();
        }
        Node node = nodes.get(ObjectKey.cluster(nodeName));
        if (node != null) {
            if (goes && isOutOfService(node) && !isReady(node)) {
                markFailed(
                        pod, "DeletionByPodGC", "PodGC: pod is on a node that is out-of-service and is being deleted");
                remove(key, pod);
            }
            return Outcome.done();
        }
        if (!isGone(nodeName)) {
            return Outcome.done(); // the cache is behind; its news will bring us back
        }
        markFailed(pod, "DeletionByPodGC", "PodGC: node no longer exists");
        remove(key, pod);
        return Outcome.done();
    }

    private boolean isGone(String node) {
        try {
            context.client().get(Types.NODES, ObjectKey.cluster(node));
            return false;
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return true;
            }
            throw e;
        }
    }

    private void markFailed(Pod pod, String reason, String message) {
        if (Pods.isTerminal(pod)) {
            return;
        }
        Pod.Builder failed =
                PodConditions.disrupted(pod, reason, message, context.runtime().now()).toBuilder();
        failed.getStatusBuilder().setPhase("Failed");
        try {
            context.client().updateStatus(Types.PODS, failed.build());
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }

    private void remove(ObjectKey key, Pod pod) {
        DeleteOptions now = DeleteOptions.newBuilder()
                .setGracePeriodSeconds(0)
                .setPreconditions(
                        Preconditions.newBuilder().setUid(pod.getMetadata().getUid()))
                .build();
        try {
            context.client().delete(Types.PODS, key, now);
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }

    /** Evicted pods first, then the oldest. */
    private Outcome collectTerminated() {
        List<Pod> finished = pods.list().stream()
                .filter(Pods::isTerminal)
                .sorted(Comparator.comparing(
                                (Pod pod) -> !pod.getStatus().getReason().equals("Evicted"))
                        .thenComparingLong(
                                pod -> pod.getMetadata().getCreationTimestamp().getSeconds()))
                .toList();
        for (Pod pod : finished.subList(0, Math.max(0, finished.size() - threshold))) {
            remove(Types.PODS.key(pod), pod);
        }
        return Outcome.done();
    }

    private static boolean isOutOfService(Node node) {
        return node.getSpec().getTaintsList().stream().anyMatch(t -> t.getKey().equals(OUT_OF_SERVICE));
    }

    private static boolean isReady(Node node) {
        return node.getStatus().getConditionsList().stream()
                .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
    }
}
