package io.jollyboat.controllers.replicaset;

import com.google.protobuf.Message;
import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.apps.v1.ReplicaSetStatus;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controller.Reconciler;
import io.jollyboat.controller.WriteTracker;
import io.jollyboat.controllers.base.Claims;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.base.Errors;
import io.jollyboat.controllers.base.Indexes;
import io.jollyboat.controllers.objects.Owners;
import io.jollyboat.controllers.objects.Pods;
import io.jollyboat.controllers.objects.Same;
import io.jollyboat.controllers.objects.Selector;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Keeps the number of pods. */
final class ReplicaSetReconciler<T extends Message> implements Reconciler {
    private static final Duration UNTIL_OWN_WRITES_SHOW = Duration.ofMillis(500);

    private final Variant<T> variant;
    private final ControllerContext context;
    private final Informer<T> sets;
    private final Informer<Pod> pods;
    private final WriteTracker writes = new WriteTracker();
    private final Claims<Pod> claims;
    private final PodWriter<T> writer;

    ReplicaSetReconciler(Variant<T> variant, ControllerContext context, Informer<T> sets, Informer<Pod> pods) {
        this.variant = variant;
        this.context = context;
        this.sets = sets;
        this.pods = pods;
        this.claims = new Claims<>(context.client(), variant.type(), pods, writes);
        this.writer = new PodWriter<>(context, variant.type(), pods, writes);
    }

    @Override
    public Outcome reconcile(ObjectKey key) throws InterruptedException {
        T object = sets.get(key);
        if (object == null) {
            writes.forget(key);
            return Outcome.done();
        }
        if (!writes.caughtUp(key)) {
            // The pods' arrival wakes us before that.
            return Outcome.after(UNTIL_OWN_WRITES_SHOW);
        }
        ReplicaSet set = variant.view(object);
        ObjectMeta meta = set.getMetadata();
        Selector selector = Selector.of(set.getSpec().getSelector());
        if (selector.isEmpty()) {
            return new Outcome.Terminal("it selects nothing");
        }
        List<Pod> candidates = claims.candidates(meta);
        List<Pod> active = claims.claim(
                meta, selector, candidates.stream().filter(Pods::isActive).toList());
        long terminating = candidates.stream()
                .filter(Pods::isTerminating)
                .filter(pod -> Owners.controlledBy(pod.getMetadata(), meta))
                .filter(pod -> selector.matches(pod.getMetadata().getLabelsMap()))
                .count();

        Instant now = context.runtime().now();
        ReplicaSetPlanner.Plan plan = ReplicaSetPlanner.plan(set, active, related(object, active), now);
        RuntimeException failure = carryOut(object, set, plan);
        ReplicaSetStatus status = StatusCalculator.status(
                set,
                active,
                variant.countsTerminating() ? OptionalInt.of((int) terminating) : OptionalInt.empty(),
                failure == null ? null : failure.getMessage(),
                now);
        writeStatus(key, object, status);
        if (failure != null) {
            throw failure;
        }
        return untilAvailable(set, active, now);
    }

    private RuntimeException carryOut(T object, ReplicaSet set, ReplicaSetPlanner.Plan plan)
            throws InterruptedException {
        if (plan.create() > 0) {
            return writer.create(object, set, plan.create());
        }
        return plan.delete().isEmpty() ? null : writer.delete(object, plan.delete());
    }

    private Collection<Pod> related(T object, List<Pod> own) {
        Optional<String> owner =
                Owners.controllerOf(variant.type().meta(object)).map(r -> r.getUid());
        if (owner.isEmpty()) {
            return own;
        }
        List<Pod> related = new ArrayList<>();
        for (T sibling : Indexes.controlledBy(sets, owner.get())) {
            related.addAll(
                    Indexes.controlledBy(pods, variant.type().meta(sibling).getUid()));
        }
        return related;
    }

    private void writeStatus(ObjectKey key, T object, ReplicaSetStatus status) {
        if (Same.same(status, variant.view(object).getStatus())) {
            return;
        }
        T written;
        try {
            written = context.client().updateStatus(variant.type(), variant.withStatus(object, status));
        } catch (RuntimeException e) {
            if (!Errors.isConflict(e)) {
                throw e;
            }
            // The size changed meanwhile, most often: the counts hold, the generation is the one they were made for.
            T fresh = context.client().get(variant.type(), key);
            written = context.client().updateStatus(variant.type(), variant.withStatus(fresh, status));
        }
        writes.wrote(key, sets, written);
    }

    private static Outcome untilAvailable(ReplicaSet set, List<Pod> active, Instant now) {
        return active.stream()
                .flatMap(pod -> Pods.availableIn(pod, set.getSpec().getMinReadySeconds(), now).stream())
                .min(Comparator.naturalOrder())
                .map(Outcome::after)
                .orElse(Outcome.done());
    }
}
