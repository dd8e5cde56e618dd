package io.jollyboat.kubelet.testing;

import com.google.protobuf.Message;
import io.jollyboat.api.authentication.v1.TokenRequest;
import io.jollyboat.api.authentication.v1.TokenRequestStatus;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.ObjectList;
import io.jollyboat.client.Selection;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.values.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * As much of an API server as a kubelet sees: objects in memory, watches, graceful deletion of pods, conflicts. Nothing
 * is defaulted or validated.
 */
public final class MemoryApi implements ApiClient {
    private final Runtime runtime;
    private final Map<String, Map<ObjectKey, Message>> objects = new TreeMap<>();
    private final List<Watcher<?>> watchers = new ArrayList<>();
    private final List<Message> history = new ArrayList<>();
    private final AtomicInteger tokens = new AtomicInteger();
    private long version;
    private boolean down;

    private record Watcher<T extends Message>(
            ResourceType<T> type, String namespace, Selection selection, WatchListener<T> listener) {}

    public MemoryApi(Runtime runtime) {
        this.runtime = runtime;
    }

    /** While it is down every call fails with 503, and watches end. */
    public void setDown(boolean down) {
        List<Watcher<?>> ended;
        synchronized (this) {
            this.down = down;
            ended = List.copyOf(watchers);
            watchers.clear();
        }
        if (down) {
            ended.forEach(w -> w.listener().onEnd(unavailable()));
        }
    }

    /** All states that objects of the kind went through, oldest first. */
    public synchronized <T extends Message> List<T> history(ResourceType<T> type, String name) {
        return history.stream()
                .filter(m -> m.getClass() == type.prototype().getClass())
                .map(type.prototype().getClass()::cast)
                .filter(m -> type.meta(m).getName().equals(name))
                .map(m -> cast(type, m))
                .toList();
    }

    @Override
    public synchronized <T extends Message> T get(ResourceType<T> type, ObjectKey key) {
        check();
        Message object = of(type).get(key);
        if (object == null) {
            throw ApiException.notFound(type, key.name());
        }
        return cast(type, object);
    }

    @Override
    public synchronized <T extends Message> ObjectList<T> list(
            ResourceType<T> type, String namespace, Selection selection) {
        check();
        return new ObjectList<>(matching(type, namespace, selection), Long.toString(version));
    }

    @Override
    public synchronized <T extends Message> T create(ResourceType<T> type, T object) {
        check();
        ObjectKey key = type.key(object);
        if (of(type).containsKey(key)) {
            throw ApiException.alreadyExists(type, key.name());
        }
        ObjectMeta.Builder meta = type.meta(object).toBuilder();
        if (meta.getUid().isEmpty()) {
            meta.setUid("uid-" + key.name() + "-" + (version + 1));
        }
        meta.setGeneration(1).setCreationTimestamp(Times.time(runtime.now()));
        return store(type, type.withMeta(object, meta.build()));
    }

    @Override
    public synchronized <T extends Message> T update(ResourceType<T> type, T object) {
        check();
        T before = get(type, type.key(object));
        compareVersions(type, before, object);
        ObjectMeta meta = type.meta(object).toBuilder()
                .setGeneration(type.meta(before).getGeneration() + 1)
                .build();
        return store(type, type.withMeta(object, meta));
    }

    @Override
    @SuppressWarnings("unchecked")
    public synchronized <T extends Message> T updateStatus(ResourceType<T> type, T object) {
        check();
        T before = get(type, type.key(object));
        compareVersions(type, before, object);
        T merged = switch (before) {
            case Pod pod ->
                (T) pod.toBuilder().setStatus(((Pod) object).getStatus()).build();
            case Node node ->
                (T) node.toBuilder().setStatus(((Node) object).getStatus()).build();
            default -> throw new IllegalArgumentException("no status of " + type);
        };
        return store(type, merged);
    }

    @Override
    public <T extends Message> T patch(
            ResourceType<T> type, ObjectKey key, String subresource, PatchKind kind, String patch) {
        return get(type, key);
    }

    @Override
    public synchronized void delete(ResourceType<?> type, ObjectKey key, DeleteOptions options) {
        check();
        Message object = get(type, key);
        if (options.getPreconditions().hasUid()
                && !options.getPreconditions().getUid().equals(type.meta(object).getUid())) {
            throw ApiException.conflict(type, key.name(), "the UID in the precondition does not match");
        }
        if (object instanceof Pod pod && !isOver(pod) && gracePeriod(pod, options) > 0) {
            ObjectMeta meta = pod.getMetadata().toBuilder()
                    .setDeletionTimestamp(Times.time(runtime.now().plusSeconds(gracePeriod(pod, options))))
                    .setDeletionGracePeriodSeconds(gracePeriod(pod, options))
                    .build();
            var _ = store(type, type.withMeta(object, meta));
            return;
        }
        of(type).remove(key);
        version++;
        tell(type, object, (listener, last) -> listener.onDeleted(last));
    }

    private static boolean isOver(Pod pod) {
        return List.of("Succeeded", "Failed").contains(pod.getStatus().getPhase());
    }

    private static long gracePeriod(Pod pod, DeleteOptions options) {
        if (options.hasGracePeriodSeconds()) {
            return options.getGracePeriodSeconds();
        }
        return pod.getSpec().hasTerminationGracePeriodSeconds() ? pod.getSpec().getTerminationGracePeriodSeconds() : 30;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <B extends Message, R extends Message> R createSubresource(
            ResourceType<?> type, ObjectKey key, String subresource, B body, R replyPrototype) {
        check();
        TokenRequest request = (TokenRequest) body;
        return (R) request.toBuilder()
                .setStatus(TokenRequestStatus.newBuilder()
                        .setToken("token-" + tokens.incrementAndGet() + "-of-" + key.name())
                        .setExpirationTimestamp(Times.time(
                                runtime.now().plusSeconds(request.getSpec().getExpirationSeconds()))))
                .build();
    }

    @Override
    public <T extends Message> Watch watch(
            ResourceType<T> type,
            String namespace,
            Selection selection,
            String resourceVersion,
            WatchListener<T> listener) {
        Watcher<T> watcher = new Watcher<>(type, namespace, selection, listener);
        synchronized (this) {
            if (!down) {
                watchers.add(watcher);
                long after = resourceVersion.isEmpty() ? 0 : Long.parseLong(resourceVersion);
                matching(type, namespace, selection).stream()
                        .filter(o -> Long.parseLong(type.meta(o).getResourceVersion()) > after)
                        .forEach(listener::onAdded);
                return () -> {
                    synchronized (this) {
                        watchers.remove(watcher);
                    }
                };
            }
        }
        runtime.start("watch ends", () -> listener.onEnd(unavailable()));
        return () -> {};
    }

    @Override
    public void close() {}

    private void check() {
        if (down) {
            throw unavailable();
        }
    }

    private static ApiException unavailable() {
        return ApiException.of(503, "ServiceUnavailable", "down for the test");
    }

    private <T extends Message> void compareVersions(ResourceType<T> type, T before, T after) {
        String wanted = type.meta(after).getResourceVersion();
        if (!wanted.isEmpty() && !wanted.equals(type.meta(before).getResourceVersion())) {
            throw ApiException.conflict(type, type.key(after).name(), "the object has been modified");
        }
    }

    private Map<ObjectKey, Message> of(ResourceType<?> type) {
        return objects.computeIfAbsent(type.toString(), t -> new TreeMap<>());
    }

    private <T extends Message> T store(ResourceType<T> type, Message object) {
        ObjectMeta meta = type.meta(object).toBuilder()
                .setResourceVersion(Long.toString(++version))
                .build();
        T stored = type.withMeta(object, meta);
        Message before = of(type).put(type.key(stored), stored);
        history.add(stored);
        tell(type, stored, (listener, now) -> {
            if (before == null) {
                listener.onAdded(now);
            } else {
                listener.onModified(now);
            }
        });
        return stored;
    }

    private interface Telling<T> {
        void tell(WatchListener<T> listener, T object);
    }

    @SuppressWarnings("unchecked")
    private <T extends Message> void tell(ResourceType<T> type, Message object, Telling<T> telling) {
        for (Watcher<?> watcher : List.copyOf(watchers)) {
            if (watcher.type().equals(type) && matches(type, object, watcher.namespace(), watcher.selection())) {
                telling.tell((WatchListener<T>) watcher.listener(), cast(type, object));
            }
        }
    }

    private <T extends Message> List<T> matching(ResourceType<T> type, String namespace, Selection selection) {
        return of(type).values().stream()
                .filter(o -> matches(type, o, namespace, selection))
                .map(m -> cast(type, m))
                .toList();
    }

    private static boolean matches(ResourceType<?> type, Message object, String namespace, Selection selection) {
        ObjectMeta meta = type.meta(object);
        if (!namespace.isEmpty() && !namespace.equals(meta.getNamespace())) {
            return false;
        }
        String fields = selection.fieldSelector();
        if (fields.startsWith("metadata.name=")) {
            return meta.getName().equals(fields.substring("metadata.name=".length()));
        }
        if (fields.startsWith("spec.nodeName=")) {
            return object instanceof Pod pod
                    && pod.getSpec().getNodeName().equals(fields.substring("spec.nodeName=".length()));
        }
        return fields.isEmpty();
    }

    @SuppressWarnings("unchecked")
    private static <T extends Message> T cast(ResourceType<T> type, Message object) {
        return (T) type.prototype().getClass().cast(object);
    }
}
