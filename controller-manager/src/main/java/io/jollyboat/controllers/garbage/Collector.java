package io.jollyboat.controllers.garbage;

import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.OwnerReference;
import io.jollyboat.api.meta.v1.Preconditions;
import io.jollyboat.client.ApiClient.PatchKind;
import io.jollyboat.controller.Enqueuer;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.base.Errors;
import io.jollyboat.controllers.base.Parallel;
import io.jollyboat.controllers.garbage.Graph.View;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.util.List;
import java.util.Optional;

/** Looks at one object and does what is due. Keys carry uids: the graph knows the rest. */
final class Collector {
    private static final int CONFLICT_RETRIES = 3;

    private final ControllerContext context;
    private final Graph graph;
    private final Enqueuer queue;
    private final LiveObjects live;

    /** @param queue of attempts to delete */
    Collector(ControllerContext context, Graph graph, Enqueuer queue, LiveObjects live) {
        this.context = context;
        this.graph = graph;
        this.queue = queue;
        this.live = live;
    }

    Outcome attemptToDelete(ObjectKey key) {
        Optional<View> view = graph.view(key.name());
        if (view.isEmpty()) {
            return Outcome.done();
        }
        View node = view.get();
        if (node.beingDeleted() && !node.deletingDependents()) {
            return Outcome.done(); // on its way already
        }
        ResourceType<?> type = typeOf(node.identity());
        ObjectMeta latest;
        try {
            latest = live.get(type, keyOf(type, node.identity()));
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
            graph.foundAbsent(node.identity());
            return Outcome.done();
        }
        if (!latest.getUid().equals(node.identity().uid())) {
            graph.foundAbsent(node.identity());
            return Outcome.done();
        }
        if (node.deletingDependents()) {
            helpDeletion(node, type);
        } else if (latest.getOwnerReferencesCount() > 0) {
            collect(node, type, latest);
        }
        if (!node.observed()) {
            throw notYet(node.identity() + " has not been observed yet");
        }
        return Outcome.done();
    }

    private void helpDeletion(View node, ResourceType<?> type) {
        List<View> blocking = node.dependents().stream()
                .filter(dependent -> dependent.blocks(node.identity().uid()))
                .toList();
        if (blocking.isEmpty()) {
            removeFinalizer(node.identity(), type, Graph.FOREGROUND);
        }
        blocking.stream()
                .filter(dependent -> !dependent.deletingDependents())
                .forEach(dependent ->
                        queue.add(ObjectKey.cluster(dependent.identity().uid())));
    }

    private void collect(View node, ResourceType<?> type, ObjectMeta latest) {
        Identity identity = node.identity();
        Owners owners = new Owners();
        for (OwnerReference reference : latest.getOwnerReferencesList()) {
            switch (look(identity, reference)) {
                case SOLID -> owners.solid().add(reference);
                case DANGLING -> owners.dangling().add(reference);
                case WAITING -> owners.waiting().add(reference);
                case INVALID -> {
                    return;
                }
            }
        }
        if (!owners.solid().isEmpty()) {
            if (!owners.removableUids().isEmpty()) {
                removeOwners(type, identity, owners.removableUids());
            }
        } else if (!owners.waiting().isEmpty() && !node.dependents().isEmpty()) {
            // A circle of objects that wait for each other is cut here.
            if (node.dependents().stream().anyMatch(View::deletingDependents)) {
                unblockOwners(type, identity, node);
            }
            delete(type, identity, "", "Foreground");
        } else {
            String policy = latest.getFinalizersList().contains(Graph.ORPHAN)
                    ? "Orphan"
                    : latest.getFinalizersList().contains(Graph.FOREGROUND) ? "Foreground" : "Background";
            delete(type, identity, latest.getResourceVersion(), policy);
        }
    }

    private OwnerState look(Identity dependent, OwnerReference reference) {
        Identity owner = Identity.of(reference, dependent.namespace());
        if (graph.isAbsent(owner) || graph.isAbsent(owner.inNamespace(""))) {
            return OwnerState.DANGLING;
        }
        ResourceType<?> type = typeOf(owner);
        if (type.namespaced() && dependent.namespace().isEmpty()) {
            return OwnerState.INVALID;
        }
        Identity expected = type.namespaced() ? owner : owner.inNamespace("");
        try {
            ObjectMeta found = live.get(type, expected.key());
            if (found.getUid().equals(reference.getUid())) {
                return found.hasDeletionTimestamp() && found.getFinalizersList().contains(Graph.FOREGROUND)
                        ? OwnerState.WAITING
                        : OwnerState.SOLID;
            }
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
        graph.markAbsent(expected);
        return OwnerState.DANGLING;
    }

    private enum OwnerState {
        SOLID,
        DANGLING,
        WAITING,
        /** A namespaced owner of a cluster-scoped object: cannot be right, and says nothing. */
        INVALID
    }

    private ResourceType<?> typeOf(Identity identity) {
        return live.type(identity.apiVersion(), identity.kind())
                .orElseThrow(() -> notYet("unknown kind " + identity.apiVersion() + " " + identity.kind()));
    }

    private static ObjectKey keyOf(ResourceType<?> type, Identity identity) {
        return type.namespaced() ? identity.key() : ObjectKey.cluster(identity.name());
    }

    private void patch(ResourceType<?> type, Identity identity, String patch) {
        live.patch(type, keyOf(type, identity), PatchKind.STRATEGIC_MERGE, patch);
    }

    private void removeOwners(ResourceType<?> type, Identity identity, List<String> uids) {
        if (type.isCustom()) {
            ObjectKey key = keyOf(type, identity);
            live.patch(type, key, PatchKind.MERGE, Patches.keepOwners(sameObject(type, key, identity), uids));
        } else {
            patch(type, identity, Patches.removeOwners(identity.uid(), uids));
        }
    }

    private void unblockOwners(ResourceType<?> type, Identity identity, View node) {
        if (type.isCustom()) {
            ObjectKey key = keyOf(type, identity);
            live.patch(type, key, PatchKind.MERGE, Patches.keepUnblocking(sameObject(type, key, identity)));
        } else {
            patch(type, identity, Patches.unblockOwners(identity.uid(), node.owners()));
        }
    }

    private ObjectMeta sameObject(ResourceType<?> type, ObjectKey key, Identity identity) {
        ObjectMeta latest = live.get(type, key);
        if (!latest.getUid().equals(identity.uid())) {
            throw ApiException.notFound(type, key.name());
        }
        return latest;
    }

    private void delete(ResourceType<?> type, Identity identity, String resourceVersion, String policy) {
        Preconditions.Builder preconditions = Preconditions.newBuilder().setUid(identity.uid());
        if (!resourceVersion.isEmpty()) {
            preconditions.setResourceVersion(resourceVersion);
        }
        try {
            live.delete(
                    type,
                    keyOf(type, identity),
                    DeleteOptions.newBuilder()
                            .setPropagationPolicy(policy)
                            .setPreconditions(preconditions)
                            .build());
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
            graph.foundAbsent(identity);
        }
    }

    Outcome attemptToOrphan(ObjectKey key) throws InterruptedException {
        Optional<View> view = graph.view(key.name());
        if (view.isEmpty()) {
            return Outcome.done();
        }
        Identity owner = view.get().identity();
        List<RuntimeException> failures = Parallel.forEach(
                context.runtime(), "orphan", view.get().dependents(), dependent -> orphan(dependent, owner));
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
        removeFinalizer(owner, typeOf(owner), Graph.ORPHAN);
        return Outcome.done();
    }

    private void orphan(View dependent, Identity owner) {
        Identity identity = dependent.identity();
        try {
            removeOwners(typeOf(identity), identity, List.of(owner.uid()));
        } catch (RuntimeException e) {
            if (!Errors.isNotFound(e)) {
                throw e;
            }
        }
    }

    private void removeFinalizer(Identity identity, ResourceType<?> type, String finalizer) {
        ObjectKey key = keyOf(type, identity);
        for (int attempt = 1; ; attempt++) {
            try {
                ObjectMeta latest = live.get(type, key);
                if (latest.getFinalizersList().contains(finalizer)) {
                    live.patch(type, key, PatchKind.MERGE, Patches.removeFinalizer(latest, finalizer));
                }
                return;
            } catch (ApiException e) {
                if (e.isNotFound()) {
                    return;
                }
                if (!e.isConflict() || attempt == CONFLICT_RETRIES) {
                    throw e;
                }
            }
        }
    }

    /** Tried again, later and later, and not worth an error in the log. */
    private static ApiException notYet(String message) {
        return ApiException.of(409, "Conflict", message);
    }
}
