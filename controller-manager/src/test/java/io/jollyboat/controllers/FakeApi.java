package io.jollyboat.controllers;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Binding;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.OwnerReference;
import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.ObjectList;
import io.jollyboat.client.Selection;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.values.Times;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * An API server's behaviour as far as controllers depend on it: versions and conflicts, generations, finalizers and
 * propagation, graceful pods, namespaces that are going away, watches. For what the real one does besides, the tests
 * through it stand.
 */
final class FakeApi implements ApiClient {
    private final Map<ResourceType<?>, TreeMap<ObjectKey, Message>> objects = new HashMap<>();
    private final List<FakeWatch<?>> watches = new ArrayList<>();
    private long version = 1;
    private boolean refusing;
    private int ids;
    private int names;

    /** As when etcd is away: reads from the cache, no writes. */
    synchronized void refuseWrites(boolean on) {
        refusing = on;
    }

    @Override
    public synchronized <T extends Message> T get(ResourceType<T> type, ObjectKey key) {
        T object = find(type, key);
        if (object == null) {
            throw ApiException.notFound(type, key.name());
        }
        return object;
    }

    @SuppressWarnings("unchecked") // stored under its own type
    synchronized <T extends Message> T find(ResourceType<T> type, ObjectKey key) {
        return (T) objects.computeIfAbsent(type, t -> new TreeMap<>()).get(key);
    }

    @Override
    @SuppressWarnings("unchecked") // stored under its own type
    public synchronized <T extends Message> ObjectList<T> list(
            ResourceType<T> type, String namespace, Selection selection) {
        List<T> found = new ArrayList<>();
        for (Message object :
                objects.computeIfAbsent(type, t -> new TreeMap<>()).values()) {
            if (selects(type, namespace, selection, object)) {
                found.add((T) object);
            }
        }
        return new ObjectList<>(found, Long.toString(version));
    }

    private static boolean selects(ResourceType<?> type, String namespace, Selection selection, Message object) {
        ObjectKey key = type.key(object);
        return (namespace.isEmpty() || key.namespace().equals(namespace))
                && (selection.fieldSelector().isEmpty()
                        || selection.fieldSelector().equals("metadata.name=" + key.name()));
    }

    @Override
    public synchronized <T extends Message> T create(ResourceType<T> type, T object) {
        ObjectMeta.Builder meta = type.meta(object).toBuilder();
        if (meta.getName().isEmpty()) {
            meta.setName(meta.getGenerateName() + "x" + ++names);
        }
        ObjectKey key = ObjectKey.of(meta.getNamespace(), meta.getName());
        if (find(type, key) != null) {
            throw ApiException.alreadyExists(type, key.name());
        }
        if (type.namespaced()) {
            requireLiving(key.namespace());
        }
        meta.setUid("uid-" + ++ids)
                .setGeneration(1)
                .setCreationTimestamp(Times.time(SystemRuntime.instance().now()));
        T created = type.withMeta(object, meta.build());
        if (created instanceof Namespace namespace) {
            Namespace.Builder active = namespace.toBuilder();
            active.getStatusBuilder().setPhase("Active");
            active.getSpecBuilder().addFinalizers("kubernetes");
            return store(type, null, cast(type, active.build()));
        }
        if (created instanceof Pod pod) {
            Pod.Builder pending = pod.toBuilder();
            pending.getStatusBuilder().setPhase("Pending");
            return store(type, null, cast(type, pending.build()));
        }
        return store(type, null, created);
    }

    /** The message is of the type's kind, or this fails. */
    @SuppressWarnings("unchecked") // the prototype's class is T
    private static <T extends Message> T cast(ResourceType<T> type, Message message) {
        return (T) type.prototype().getClass().cast(message);
    }

    private void requireLiving(String name) {
        Namespace namespace = find(Types.NAMESPACES, ObjectKey.cluster(name));
        if (namespace == null) {
            throw ApiException.notFound("", "namespaces", name);
        }
        if (namespace.getMetadata().hasDeletionTimestamp()) {
            ApiException forbidden = ApiException.forbidden("", "pods", "", "namespace is being terminated");
            Status.Builder status = forbidden.status().toBuilder();
            status.getDetailsBuilder().addCausesBuilder().setReason("NamespaceTerminating");
            throw new ApiException(status.build());
        }
    }

    @Override
    public synchronized <T extends Message> T update(ResourceType<T> type, T object) {
        T present = get(type, type.key(object));
        Message.Builder next = object.toBuilder();
        var statusField = present.getDescriptorForType().findFieldByName("status");
        if (statusField != null) {
            next.setField(statusField, present.getField(statusField));
        }
        var specField = present.getDescriptorForType().findFieldByName("spec");
        boolean changed = specField != null && !present.getField(specField).equals(next.getField(specField));
        return replace(type, present, cast(type, next.build()), changed);
    }

    @Override
    public synchronized <T extends Message> T updateStatus(ResourceType<T> type, T object) {
        T present = get(type, type.key(object));
        Message.Builder next = object.toBuilder();
        var specField = present.getDescriptorForType().findFieldByName("spec");
        next.setField(specField, present.getField(specField));
        return replace(type, present, cast(type, next.build()), false);
    }

    @Override
    public synchronized <T extends Message> T updateSubresource(ResourceType<T> type, String subresource, T object) {
        T present = get(type, type.key(object));
        return replace(type, present, object, false);
    }

    private <T extends Message> T replace(ResourceType<T> type, T present, T next, boolean newGeneration) {
        ObjectMeta before = type.meta(present);
        ObjectMeta wanted = type.meta(next);
        if (!wanted.getResourceVersion().isEmpty()
                && !wanted.getResourceVersion().equals(before.getResourceVersion())) {
            throw ApiException.conflict(type, before.getName(), "the object has been modified");
        }
        ObjectMeta.Builder meta = wanted.toBuilder()
                .setUid(before.getUid())
                .setGeneration(before.getGeneration() + (newGeneration ? 1 : 0))
                .setResourceVersion(before.getResourceVersion())
                .setCreationTimestamp(before.getCreationTimestamp());
        if (before.hasDeletionTimestamp()) {
            meta.setDeletionTimestamp(before.getDeletionTimestamp());
        }
        T result = type.withMeta(next, meta.build());
        if (result.equals(present)) {
            return present;
        }
        T stored = store(type, present, result);
        removeIfDone(type, stored);
        return stored;
    }

    private <T extends Message> T store(ResourceType<T> type, T before, T object) {
        if (refusing) {
            throw ApiException.of(503, "ServiceUnavailable", "the store is away");
        }
        T stored = type.withMeta(
                object,
                type.meta(object).toBuilder()
                        .setResourceVersion(Long.toString(++version))
                        .build());
        objects.computeIfAbsent(type, t -> new TreeMap<>()).put(type.key(stored), stored);
        for (FakeWatch<?> watch : watches) {
            watch.changed(type, before, stored);
        }
        return stored;
    }

    private <T extends Message> void removeIfDone(ResourceType<T> type, T object) {
        ObjectMeta meta = type.meta(object);
        boolean namespaceHeld = object instanceof Namespace n && n.getSpec().getFinalizersCount() > 0;
        boolean graceful = object instanceof Pod p && p.getMetadata().getDeletionGracePeriodSeconds() > 0;
        if (!meta.hasDeletionTimestamp() || meta.getFinalizersCount() > 0 || namespaceHeld || graceful) {
            return;
        }
        objects.get(type).remove(type.key(object));
        T last = type.withMeta(
                object,
                meta.toBuilder().setResourceVersion(Long.toString(++version)).build());
        for (FakeWatch<?> watch : watches) {
            watch.deleted(type, last);
        }
    }

    @Override
    public synchronized <T extends Message> T patch(
            ResourceType<T> type, ObjectKey key, String subresource, PatchKind kind, String patch) {
        T present = get(type, key);
        try {
            T typed = JsonCodec.decode(patch.getBytes(StandardCharsets.UTF_8), type.prototype(), Strictness.IGNORE)
                    .message();
            ObjectMeta change = type.meta(typed);
            ObjectMeta.Builder meta = type.meta(present).toBuilder();
            if (!change.getUid().isEmpty() && !change.getUid().equals(meta.getUid())) {
                throw ApiException.of(409, "Conflict", "uid differs");
            }
            if (!change.getResourceVersion().isEmpty()) {
                meta.setResourceVersion(change.getResourceVersion());
            }
            if (kind == PatchKind.MERGE && patch.contains("\"finalizers\"")) {
                meta.clearFinalizers().addAllFinalizers(change.getFinalizersList());
            }
            meta.putAllLabels(change.getLabelsMap());
            patchOwners(meta, change, patch);
            ObjectMeta none = ObjectMeta.getDefaultInstance();
            Message.Builder merged = present.toBuilder();
            merged.mergeFrom(type.withMeta(typed, none));
            return replace(type, present, type.withMeta(cast(type, merged.build()), meta.build()), false);
        } catch (DecodeException e) {
            throw ApiException.badRequest(e.getMessage());
        }
    }

    private static void patchOwners(ObjectMeta.Builder meta, ObjectMeta change, String patch) {
        Set<String> deleted = new HashSet<>();
        for (OwnerReference reference : change.getOwnerReferencesList()) {
            if (patch.contains("{\"$patch\":\"delete\",\"uid\":\"" + reference.getUid() + "\"}")) {
                deleted.add(reference.getUid());
            }
        }
        Map<String, OwnerReference> owners = new TreeMap<>();
        meta.getOwnerReferencesList().forEach(o -> owners.put(o.getUid(), o));
        for (OwnerReference reference : change.getOwnerReferencesList()) {
            if (deleted.contains(reference.getUid())) {
                owners.remove(reference.getUid());
            } else {
                owners.merge(
                        reference.getUid(),
                        reference,
                        (a, b) -> a.toBuilder().mergeFrom(b).build());
            }
        }
        meta.clearOwnerReferences().addAllOwnerReferences(owners.values());
    }

    @Override
    public synchronized void delete(ResourceType<?> type, ObjectKey key, DeleteOptions options) {
        deleteTyped(type, key, options);
    }

    private <T extends Message> void deleteTyped(ResourceType<T> type, ObjectKey key, DeleteOptions options) {
        T present = get(type, key);
        ObjectMeta.Builder meta = type.meta(present).toBuilder();
        if (options.getPreconditions().hasUid()
                && !options.getPreconditions().getUid().equals(meta.getUid())) {
            throw ApiException.conflict(type, key.name(), "uid differs");
        }
        if (options.getPreconditions().hasResourceVersion()
                && !options.getPreconditions().getResourceVersion().equals(meta.getResourceVersion())) {
            throw ApiException.conflict(type, key.name(), "resourceVersion differs");
        }
        String finalizer = switch (options.getPropagationPolicy()) {
            case "Foreground" -> "foregroundDeletion";
            case "Orphan" -> "orphan";
            default -> "";
        };
        if (!finalizer.isEmpty() && !meta.getFinalizersList().contains(finalizer)) {
            meta.addFinalizers(finalizer);
        }
        if (!meta.hasDeletionTimestamp()) {
            meta.setDeletionTimestamp(Times.time(SystemRuntime.instance().now()));
        }
        if (present instanceof Pod pod && !pod.getSpec().getNodeName().isEmpty()) {
            long grace = options.hasGracePeriodSeconds()
                    ? options.getGracePeriodSeconds()
                    : pod.getSpec().hasTerminationGracePeriodSeconds()
                            ? pod.getSpec().getTerminationGracePeriodSeconds()
                            : 30;
            boolean terminal = pod.getStatus().getPhase().equals("Succeeded")
                    || pod.getStatus().getPhase().equals("Failed");
            meta.setDeletionGracePeriodSeconds(terminal ? 0 : grace);
        }
        T marked = type.withMeta(present, meta.build());
        T stored = marked.equals(present) ? present : store(type, present, marked);
        removeIfDone(type, stored);
    }

    @Override
    public synchronized <B extends Message, R extends Message> R createSubresource(
            ResourceType<?> type, ObjectKey key, String subresource, B body, R replyPrototype) {
        if (!(body instanceof Binding binding)) {
            throw new UnsupportedOperationException(subresource);
        }
        Pod.Builder bound = get(Types.PODS, key).toBuilder();
        if (!bound.getSpec().getNodeName().isEmpty()) {
            throw ApiException.conflict(Types.PODS, key.name(), "pod is already assigned");
        }
        bound.getSpecBuilder().setNodeName(binding.getTarget().getName());
        update(Types.PODS, bound.build());
        return replyPrototype;
    }

    @Override
    public synchronized <T extends Message> Watch watch(
            ResourceType<T> type,
            String namespace,
            Selection selection,
            String resourceVersion,
            WatchListener<T> listener) {
        FakeWatch<T> watch = new FakeWatch<>(type, namespace, selection, listener);
        if (Long.parseLong(resourceVersion) < version) {
            // What happened between the list and the watch is not kept here: list again.
            watch.queue.add(() -> listener.onEnd(ApiException.of(410, "Expired", "too old")));
        } else {
            watches.add(watch);
        }
        watch.thread = SystemRuntime.instance().start("fake watch", watch);
        return watch;
    }

    @Override
    public void close() {}

    private final class FakeWatch<T extends Message> implements Watch, Runnable {
        private final ResourceType<T> type;
        private final String namespace;
        private final Selection selection;
        private final WatchListener<T> listener;
        private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
        private Thread thread;

        FakeWatch(ResourceType<T> type, String namespace, Selection selection, WatchListener<T> listener) {
            this.type = type;
            this.namespace = namespace;
            this.selection = selection;
            this.listener = listener;
        }

        void changed(ResourceType<?> changedType, Message before, Message after) {
            if (changedType == type && selects(type, namespace, selection, after)) {
                T object = cast(type, after);
                queue.add(before == null ? () -> listener.onAdded(object) : () -> listener.onModified(object));
            }
        }

        void deleted(ResourceType<?> changedType, Message last) {
            if (changedType == type && selects(type, namespace, selection, last)) {
                T object = cast(type, last);
                queue.add(() -> listener.onDeleted(object));
            }
        }

        @Override
        public void run() {
            try {
                while (true) {
                    queue.take().run();
                }
            } catch (InterruptedException e) {
                listener.onEnd(null);
            }
        }

        @Override
        public void close() {
            synchronized (FakeApi.this) {
                watches.remove(this);
            }
            thread.interrupt();
        }
    }
}
