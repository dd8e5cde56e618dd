package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.kinds.ResourceType;
import java.time.Instant;

/**
 * Where a kind deviates from the generic request path. The defaults are right for most kinds; {@link KindStrategies}
 * lists the deviations.
 */
interface KindStrategy {
    /** What becomes of dependents when the request says nothing. */
    enum GarbageCollection {
        DELETE_DEPENDENTS,
        ORPHAN_DEPENDENTS,
        UNSUPPORTED
    }

    /** Which metadata a write to the status subresource may change. */
    enum StatusMetadata {
        CHANGES,
        KEEPS_LABELS,
        KEEPS_OWNERS,
        STAYS
    }

    /** metadata.generation begins with 1. */
    default boolean countsGeneration() {
        return false;
    }

    /** metadata.generation counts changes of what is wanted. */
    default boolean countsChanges() {
        return countsGeneration();
    }

    /** Annotations count as something wanted. */
    default boolean annotationsCount() {
        return false;
    }

    /** A new object brings its status along. */
    default boolean createsWithStatus() {
        return false;
    }

    /** PUT to an absent object creates it. */
    default boolean createsOnUpdate() {
        return false;
    }

    /** PUT without a resourceVersion replaces whatever is there. */
    default boolean allowsUnconditionalUpdate() {
        return true;
    }

    /** A finished delete answers with the object, not with a Status. */
    default boolean returnsDeleted() {
        return false;
    }

    default GarbageCollection garbageCollection() {
        return GarbageCollection.DELETE_DEPENDENTS;
    }

    default StatusMetadata statusMetadata() {
        return StatusMetadata.CHANGES;
    }

    /** Completes a new object, after its metadata and after its status was emptied. */
    default Message prepareCreate(ResourceType<?> type, Message object) {
        return object;
    }

    /** What reading a stored object would complete, for a new one that is stored. */
    default Message prepareStored(Message object) {
        return object;
    }

    /** Completes a changed object, after its status was set back. */
    default Message prepareUpdate(ResourceType<?> type, Message object, Message old) {
        return object;
    }

    /** Completes an object whose status, or a verdict in it, was written through a subresource. */
    default Message prepareStatus(String subresource, Message object, Message old, Instant now) {
        return object;
    }

    /**
     * How long the object may take to end; null for a kind that is deleted at once.
     *
     * @param options of the request; its grace period wins where the kind allows
     */
    default Long gracePeriodSeconds(Message object, DeleteOptions options) {
        return null;
    }

    /** Whether an object that is being deleted, and has no finalizer in its metadata, may go. */
    default boolean mayGo(Message object) {
        return true;
    }

    /** How long a new state is kept, 0 for ever. */
    default long ttlSeconds(Message object) {
        return 0;
    }

    /** Metadata of a write to the status subresource. */
    default ObjectMeta statusMeta(ObjectMeta meta, ObjectMeta old) {
        return switch (statusMetadata()) {
            case CHANGES -> meta;
            case KEEPS_LABELS ->
                meta.toBuilder().clearLabels().putAllLabels(old.getLabelsMap()).build();
            case KEEPS_OWNERS ->
                meta.toBuilder()
                        .clearOwnerReferences()
                        .addAllOwnerReferences(old.getOwnerReferencesList())
                        .build();
            case STAYS ->
                old.toBuilder()
                        .setResourceVersion(meta.getResourceVersion())
                        .clearManagedFields()
                        .addAllManagedFields(meta.getManagedFieldsList())
                        .build();
        };
    }
}
