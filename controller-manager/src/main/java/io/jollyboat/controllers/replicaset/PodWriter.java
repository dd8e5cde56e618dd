package io.jollyboat.controllers.replicaset;

import com.google.protobuf.Message;
import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.controller.WriteTracker;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.base.Errors;
import io.jollyboat.controllers.base.Parallel;
import io.jollyboat.controllers.objects.Owners;
import io.jollyboat.controllers.objects.PodTemplates;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.events.EventType;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.util.List;

/** Creates and deletes an owner's pods, and tells of it in Events. */
final class PodWriter<T extends Message> {
    private final ControllerContext context;
    private final ResourceType<T> type;
    private final Informer<Pod> pods;
    private final WriteTracker writes;

    PodWriter(ControllerContext context, ResourceType<T> type, Informer<Pod> pods, WriteTracker writes) {
        this.context = context;
        this.type = type;
        this.pods = pods;
        this.writes = writes;
    }

    /** Answers the first failure, or null. */
    RuntimeException create(T owner, ReplicaSet set, int count) throws InterruptedException {
        Pod pod = PodTemplates.pod(
                set.getSpec().getTemplate(), set.getMetadata(), Owners.controllerReference(type, set.getMetadata()));
        return Parallel.slowStart(context.runtime(), "create-pod", count, () -> create(owner, pod));
    }

    private void create(T owner, Pod pod) {
        Pod created;
        try {
            created = context.client().create(Types.PODS, pod);
        } catch (RuntimeException e) {
            if (Errors.isNamespaceTerminating(e)) {
                return;
            }
            context.events()
                    .record(type, owner, EventType.WARNING, "FailedCreate", "Error creating: " + e.getMessage());
            throw e;
        }
        writes.wrote(type.key(owner), pods, created);
        context.events()
                .record(
                        type,
                        owner,
                        EventType.NORMAL,
                        "SuccessfulCreate",
                        "Created pod: " + created.getMetadata().getName());
    }

    /** Answers a failure, or null. */
    RuntimeException delete(T owner, List<Pod> condemned) throws InterruptedException {
        List<RuntimeException> failures =
                Parallel.forEach(context.runtime(), "delete-pod", condemned, pod -> delete(owner, pod));
        return failures.isEmpty() ? null : failures.getFirst();
    }

    private void delete(T owner, Pod pod) {
        ObjectKey key = Types.PODS.key(pod);
        try {
            context.client().delete(Types.PODS, key, DeleteOptions.getDefaultInstance());
        } catch (RuntimeException e) {
            if (Errors.isNotFound(e)) {
                return;
            }
            context.events()
                    .record(type, owner, EventType.WARNING, "FailedDelete", "Error deleting: " + e.getMessage());
            throw new IllegalStateException("unable to delete pods: " + e.getMessage(), e);
        }
        writes.deleted(type.key(owner), pods, key, pod.getMetadata().getUid());
        context.events().record(type, owner, EventType.NORMAL, "SuccessfulDelete", "Deleted pod: " + key.name());
    }
}
