package io.jollyboat.controllers.namespace;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.client.Selection;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.base.Errors;
import io.jollyboat.controllers.base.Parallel;
import io.jollyboat.controllers.objects.Pods;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.values.Times;
import java.time.Duration;
import java.util.List;

/** Deletes the objects of one resource in a namespace, and looks what is left. */
final class ContentDeleter {
    private static final DeleteOptions BACKGROUND =
            DeleteOptions.newBuilder().setPropagationPolicy("Background").build();

    private final ControllerContext context;

    ContentDeleter(ControllerContext context) {
        this.context = context;
    }

    <T extends Message> Content delete(Namespace namespace, ResourceType<T> type) throws InterruptedException {
        String name = namespace.getMetadata().getName();
        try {
            List<T> present = list(type, name);
            if (present.isEmpty()) {
                return Content.of(type, List.of(), 0, name);
            }
            long grace = type == Types.PODS ? graceSeconds(namespace, present) : 0;
            List<RuntimeException> failures =
                    Parallel.forEach(context.runtime(), "delete-content", present, object -> deleteOne(type, object));
            if (!failures.isEmpty()) {
                return Content.failed(type, failures.getFirst().getMessage());
            }
            List<ObjectMeta> left = list(type, name).stream().map(type::meta).toList();
            return Content.of(type, left, grace, name);
        } catch (ApiException e) {
            // A kind that is not served has no objects.
            return e.isNotFound() || e.code() == 405
                    ? Content.of(type, List.of(), 0, name)
                    : Content.failed(type, e.getMessage());
        }
    }

    private <T extends Message> List<T> list(ResourceType<T> type, String namespace) {
        return context.client().list(type, namespace, Selection.ALL).items();
    }

    private <T extends Message> void deleteOne(ResourceType<T> type, T object) {
        ObjectKey key = type.key(object);
        if (type.meta(object).hasDeletionTimestamp() && type.meta(object).getFinalizersCount() > 0) {
            return; // waits for others
        }
        try {
            context.client().delete(type, key, BACKGROUND);
        } catch (RuntimeException e) {
            if (!Errors.isNotFound(e)) {
                throw e;
            }
        }
    }

    /** How long the slowest pod may take to end, unless that time is over. */
    private long graceSeconds(Namespace namespace, List<? extends Message> objects) {
        long grace = objects.stream()
                .map(Pod.class::cast)
                .filter(pod -> !Pods.isTerminal(pod))
                .mapToLong(pod -> pod.getSpec().getTerminationGracePeriodSeconds())
                .max()
                .orElse(0);
        Duration since = Duration.between(
                Times.instant(namespace.getMetadata().getDeletionTimestamp()),
                context.runtime().now());
        return since.compareTo(Duration.ofSeconds(grace)) >= 0 ? 0 : grace;
    }
}
