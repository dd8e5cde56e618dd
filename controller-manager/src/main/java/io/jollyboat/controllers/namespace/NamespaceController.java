package io.jollyboat.controllers.namespace;

import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.client.Selection;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.base.Errors;
import io.jollyboat.controllers.objects.CustomTypes;
import io.jollyboat.controllers.objects.ServedTypes;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.controllers.remote.RemoteTypes;
import io.jollyboat.errors.ApiException;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Empties namespaces that are being deleted, and lets them go. */
public final class NamespaceController {
    private static final String FINALIZER = "kubernetes";
    private static final int WORKERS = 4;

    private final ControllerContext context;
    private final Informer<Namespace> namespaces;
    private final Informer<Pod> pods;
    private final ContentDeleter deleter;

    private NamespaceController(ControllerContext context) {
        this.context = context;
        this.namespaces = context.informers().of(Types.NAMESPACES);
        this.pods = context.informers().of(Types.PODS);
        this.deleter = new ContentDeleter(context);
    }

    public static Controller create(ControllerContext context) {
        NamespaceController controller = new NamespaceController(context);
        ControllerLoop loop = context.loop("namespace", WORKERS, controller::reconcile);
        controller.namespaces.addHandler((before, after) -> {
            if (after != null && isDeleted(after)) {
                loop.add(Types.NAMESPACES.key(after));
            }
        });
        controller.pods.addHandler((before, after) -> {
            // The last pod's end is what the rest waits for; no timer need tell.
            if (after == null && controller.isLast(before)) {
                loop.add(ObjectKey.cluster(before.getMetadata().getNamespace()));
            }
        });
        return Controller.of(loop, controller.namespaces, controller.pods);
    }

    private boolean isLast(Pod gone) {
        String name = gone.getMetadata().getNamespace();
        Namespace namespace = namespaces.get(ObjectKey.cluster(name));
        return namespace != null && isDeleted(namespace) && pods.list(name).isEmpty();
    }

    private static boolean isDeleted(Namespace namespace) {
        return namespace.getMetadata().hasDeletionTimestamp()
                && namespace.getSpec().getFinalizersCount() > 0;
    }

    private Outcome reconcile(ObjectKey key) throws InterruptedException {
        if (namespaces.get(key) == null) {
            return Outcome.done();
        }
        Namespace namespace;
        try {
            namespace = context.client().get(Types.NAMESPACES, key);
            if (!isDeleted(namespace)) {
                return Outcome.done();
            }
            return empty(terminating(namespace));
        } catch (RuntimeException e) {
            if (Errors.isNotFound(e)) {
                return Outcome.done();
            }
            throw e;
        }
    }

    private Namespace terminating(Namespace namespace) {
        if (namespace.getStatus().getPhase().equals("Terminating")) {
            return namespace;
        }
        Namespace.Builder next = namespace.toBuilder();
        next.getStatusBuilder().setPhase("Terminating");
        return context.client().updateStatus(Types.NAMESPACES, next.build());
    }

    private Outcome empty(Namespace namespace) throws InterruptedException {
        List<Content> contents = new ArrayList<>();
        RemoteTypes remote = RemoteTypes.of(context.client().remote(), List.of("delete"));
        Content podsLeft = deleter.delete(namespace, Types.PODS);
        contents.add(podsLeft);
        boolean podsGone = podsLeft.remaining() == 0;
        if (podsGone) {
            for (ResourceType<?> type : ServedTypes.deletable()) {
                if (type.namespaced() && type != Types.PODS) {
                    contents.add(deleter.delete(namespace, type));
                }
            }
            for (ResourceType<?> type : custom()) {
                contents.add(deleter.delete(namespace, type));
            }
            for (ResourceType<?> type : remote.types().values()) {
                if (type.namespaced()) {
                    contents.add(deleter.delete(namespace, type));
                }
            }
        }
        // The rest goes all the same; the namespace stays until it is known to be empty.
        List<String> undiscovered = remote.unknown().stream().sorted().toList();
        Namespace told = DeletionConditions.apply(
                namespace, contents, undiscovered, podsGone, context.runtime().now());
        if (!told.equals(namespace)) {
            namespace = context.client().updateStatus(Types.NAMESPACES, told);
        }
        List<String> errors = new ArrayList<>(
                contents.stream().map(Content::error).filter(e -> !e.isEmpty()).toList());
        if (!undiscovered.isEmpty()) {
            errors.addFirst(DeletionConditions.discoveryError(undiscovered));
        }
        if (!errors.isEmpty()) {
            // Comes back soon, and ever later; a conflict, as what others still do is in the way.
            throw ApiException.of(409, "Conflict", String.join(", ", errors));
        }
        long estimate =
                contents.stream().mapToLong(Content::estimateSeconds).max().orElse(0);
        if (estimate > 0) {
            return Outcome.after(Duration.ofSeconds(estimate / 2 + 1));
        }
        finish(namespace);
        return Outcome.done();
    }

    /** As they are now: who asks must not miss one that was defined a moment ago. */
    private List<ResourceType<CustomObject>> custom() {
        return context.client().list(Kinds.of(CustomResourceDefinition.class), "", Selection.ALL).items().stream()
                .flatMap(definition -> CustomTypes.of(definition).stream())
                .filter(ResourceType::namespaced)
                .toList();
    }

    /** Removes our finalizer: with the last one gone the API server removes the namespace. */
    private void finish(Namespace namespace) {
        Namespace.Builder next = namespace.toBuilder();
        next.getSpecBuilder()
                .clearFinalizers()
                .addAllFinalizers(namespace.getSpec().getFinalizersList().stream()
                        .filter(finalizer -> !finalizer.equals(FINALIZER))
                        .toList());
        context.client().updateSubresource(Types.NAMESPACES, "finalize", next.build());
    }
}
