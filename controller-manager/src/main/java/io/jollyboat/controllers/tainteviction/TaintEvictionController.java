package io.jollyboat.controllers.tainteviction;

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
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.errors.ApiException;
import io.jollyboat.events.EventType;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Evicts them. */
public final class TaintEvictionController {
    private static final int WORKERS = 4;

    private final ControllerContext context;
    private final Informer<Node> nodes;
    private final Informer<Pod> pods;
    /** Pods whose time is running. */
    private final Set<ObjectKey> scheduled = ConcurrentHashMap.newKeySet();

    private TaintEvictionController(ControllerContext context) {
        this.context = context;
        this.nodes = context.informers().of(Types.NODES);
        this.pods = Indexes.byNode(context.informers().of(Types.PODS));
    }

    public static Controller create(ControllerContext context) {
        TaintEvictionController controller = new TaintEvictionController(context);
        ControllerLoop loop = context.loop("taint-eviction", WORKERS, controller::reconcile);
        controller.nodes.addHandler((before, after) -> {
            if (after != null
                    && !after.getSpec()
                            .getTaintsList()
                            .equals(
                                    before == null
                                            ? List.of()
                                            : before.getSpec().getTaintsList())) {
                Indexes.onNode(controller.pods, after.getMetadata().getName())
                        .forEach(pod -> loop.add(Types.PODS.key(pod)));
            }
        });
        controller.pods.addHandler((before, after) -> {
            if (after == null) {
                controller.scheduled.remove(Types.PODS.key(before));
            } else if (before == null
                    || !before.getSpec().getNodeName().equals(after.getSpec().getNodeName())
                    || !before.getSpec()
                            .getTolerationsList()
                            .equals(after.getSpec().getTolerationsList())) {
                loop.add(Types.PODS.key(after));
            }
        });
        return Controller.of(loop, controller.nodes, controller.pods);
    }

    private Outcome reconcile(ObjectKey key) {
        Pod pod = pods.get(key);
        if (pod == null || pod.getMetadata().hasDeletionTimestamp()) {
            scheduled.remove(key);
            return Outcome.done();
        }
        Node node = nodes.get(ObjectKey.cluster(pod.getSpec().getNodeName()));
        Optional<Instant> time = node == null ? Optional.empty() : EvictionTime.of(pod, node);
        if (time.isEmpty()) {
            if (scheduled.remove(key)) {
                event(pod, "Cancelling deletion of Pod " + key);
            }
            return Outcome.done();
        }
        Duration left = Duration.between(context.runtime().now(), time.get());
        if (left.isPositive()) {
            scheduled.add(key);
            return Outcome.after(left);
        }
        event(pod, "Marking for deletion Pod " + key);
        evict(key, pod);
        scheduled.remove(key);
        return Outcome.done();
    }

    private void evict(ObjectKey key, Pod pod) {
        try {
            Pod marked = PodConditions.disrupted(
                    pod,
                    "DeletionByTaintManager",
                    "Taint manager: deleting due to NoExecute taint",
                    context.runtime().now());
            if (!marked.equals(pod)) {
                context.client().updateStatus(Types.PODS, marked);
            }
            context.client()
                    .delete(
                            Types.PODS,
                            key,
                            DeleteOptions.newBuilder()
                                    .setPreconditions(Preconditions.newBuilder()
                                            .setUid(pod.getMetadata().getUid()))
                                    .build());
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }

    private void event(Pod pod, String message) {
        context.events().record(Types.PODS, pod, EventType.NORMAL, "TaintManagerEviction", message);
    }
}
