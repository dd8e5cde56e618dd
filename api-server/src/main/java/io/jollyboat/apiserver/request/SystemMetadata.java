package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.values.Times;

/** What of an object the server says, whatever a client sends: metadata, status, generation. */
final class SystemMetadata {
    private final Runtime runtime;

    SystemMetadata(Runtime runtime) {
        this.runtime = runtime;
    }

    /** System-kept metadata of a new object; its status is what the server says. */
    Message begun(ResourceType<?> type, Message body) {
        ObjectMeta.Builder meta = type.meta(body).toBuilder();
        if (meta.getName().isEmpty() && !meta.getGenerateName().isEmpty()) {
            meta.setName(Names.generate(meta.getGenerateName(), runtime.random()));
        }
        meta.setUid(Names.uid(runtime.random()))
                .setCreationTimestamp(Times.time(runtime.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS)))
                .clearDeletionTimestamp()
                .clearDeletionGracePeriodSeconds()
                .clearSelfLink()
                .clearResourceVersion()
                .clearGeneration();
        KindStrategy strategy = KindStrategies.of(type);
        if (strategy.countsGeneration()) {
            meta.setGeneration(1);
        }
        Message object = type.withMeta(body, meta.build());
        return hasStatus(type) && !strategy.createsWithStatus() ? Messages.without(object, "status") : object;
    }

    /** What admission sees of an object to be created: without what only the server may say. */
    static Message wiped(ResourceType<?> type, Message body) {
        ObjectMeta meta = type.meta(body);
        boolean clean = meta.getUid().isEmpty()
                && !meta.hasCreationTimestamp()
                && !meta.hasDeletionTimestamp()
                && !meta.hasDeletionGracePeriodSeconds()
                && meta.getSelfLink().isEmpty();
        return clean
                ? body
                : type.withMeta(
                        body,
                        meta.toBuilder()
                                .clearUid()
                                .clearCreationTimestamp()
                                .clearDeletionTimestamp()
                                .clearDeletionGracePeriodSeconds()
                                .clearSelfLink()
                                .build());
    }

    /** What the client may not change stays as it was. */
    Message merged(Target target, KindStrategy strategy, Message wanted, Message old) {
        ResourceType<?> type = target.type();
        ObjectMeta oldMeta = type.meta(old);
        ObjectMeta.Builder meta = type.meta(wanted).toBuilder()
                .setGeneration(oldMeta.getGeneration())
                .setResourceVersion(oldMeta.getResourceVersion())
                .clearSelfLink();
        if (!oldMeta.hasGeneration()) {
            meta.clearGeneration();
        }
        // A PUT with another uid is a conflict already; a patch to it is refused by the rules of metadata.
        if (meta.getUid().isEmpty()) {
            meta.setUid(oldMeta.getUid());
        }
        meta.setCreationTimestamp(oldMeta.getCreationTimestamp());
        if (oldMeta.hasDeletionTimestamp()) {
            meta.setDeletionTimestamp(oldMeta.getDeletionTimestamp());
        }
        if (!meta.hasDeletionGracePeriodSeconds() && oldMeta.hasDeletionGracePeriodSeconds()) {
            meta.setDeletionGracePeriodSeconds(oldMeta.getDeletionGracePeriodSeconds());
        }
        if (!meta.hasGenerateName() && oldMeta.hasGenerateName()) {
            meta.setGenerateName(oldMeta.getGenerateName());
        }
        return switch (target.subresource()) {
            case "" -> {
                Message object = type.withMeta(wanted, meta.build());
                object = hasStatus(type) ? Messages.withFieldOf(object, old, "status") : object;
                yield strategy.prepareUpdate(type, object, old);
            }
            case "status" ->
                strategy.prepareStatus(
                        "status",
                        type.withMeta(
                                Messages.withFieldOf(old, wanted, "status"),
                                strategy.statusMeta(meta.build(), oldMeta)),
                        old,
                        runtime.now());
            case "approval" ->
                strategy.prepareStatus("approval", type.withMeta(wanted, meta.build()), old, runtime.now());
            // Other subresources say themselves what of the object they change.
            default -> type.withMeta(wanted, meta.build());
        };
    }

    Message counted(ResourceType<?> type, KindStrategy strategy, Message object, Message old) {
        if (!strategy.countsChanges()) {
            return object;
        }
        boolean same = object instanceof CustomObject custom
                // Where the status is a subresource it is as before; else it counts like everything.
                ? custom.getContent().equals(((CustomObject) old).getContent())
                : Messages.without(object, "metadata", "status").equals(Messages.without(old, "metadata", "status"));
        ObjectMeta meta = type.meta(object);
        if (same && strategy.annotationsCount()) {
            same = meta.getAnnotationsMap().equals(type.meta(old).getAnnotationsMap());
        }
        return same
                ? object
                : type.withMeta(
                        object,
                        meta.toBuilder()
                                .setGeneration(type.meta(old).getGeneration() + 1)
                                .build());
    }

    static boolean endsDeletion(ObjectMeta meta) {
        return meta.hasDeletionTimestamp()
                && meta.getFinalizersCount() == 0
                && meta.getDeletionGracePeriodSeconds() == 0;
    }

    /** Fills in the request's namespace, or refuses another one. */
    static Message inNamespace(Target target, Message object) {
        ResourceType<?> type = target.type();
        ObjectMeta meta = type.meta(object);
        if (!type.namespaced()) {
            return meta.getNamespace().isEmpty()
                    ? object
                    : type.withMeta(object, meta.toBuilder().clearNamespace().build());
        }
        if (meta.getNamespace().equals(target.namespace())) {
            return object;
        }
        if (!meta.getNamespace().isEmpty()) {
            throw ApiException.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
        return type.withMeta(
                object, meta.toBuilder().setNamespace(target.namespace()).build());
    }

    static boolean hasStatus(ResourceType<?> type) {
        return type.rules().getSubresourcesList().stream()
                .anyMatch(subresource -> subresource.getName().equals("status"));
    }
}
