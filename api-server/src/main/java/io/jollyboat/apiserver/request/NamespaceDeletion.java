package io.jollyboat.apiserver.request;

import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.request.KindStrategy.GarbageCollection;
import io.jollyboat.values.Times;
import java.time.Instant;

/** A namespace is marked as terminating, and goes when its own finalizers are gone. */
final class NamespaceDeletion {
    private NamespaceDeletion() {}

    static DeletionPlan plan(Namespace namespace, DeleteOptions options, Instant now) {
        ObjectMeta meta = namespace.getMetadata();
        if (!meta.hasDeletionTimestamp()) {
            // Unlike elsewhere, no grace period is recorded.
            Namespace.Builder marked = namespace.toBuilder();
            marked.getMetadataBuilder()
                    .setDeletionTimestamp(Times.time(now))
                    .clearFinalizers()
                    .addAllFinalizers(DeletionPlan.finalizers(GarbageCollection.DELETE_DEPENDENTS, meta, options));
            marked.getStatusBuilder().setPhase("Terminating");
            boolean empty = isFinal(marked.build());
            return new DeletionPlan(marked.build(), !empty, empty);
        }
        return new DeletionPlan(namespace, false, isFinal(namespace));
    }

    private static boolean isFinal(Namespace namespace) {
        return namespace.getSpec().getFinalizersCount() == 0
                && namespace.getMetadata().getFinalizersCount() == 0;
    }
}
