package io.jollyboat.scheduler;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Binding;
import io.jollyboat.api.events.v1.Event;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.ObjectList;
import io.jollyboat.client.Selection;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes what the scheduler writes: bindings, events, patches of conditions. */
public final class FakeApi implements ApiClient {
    /** Node by pod. */
    public final Map<String, String> bindings = new ConcurrentHashMap<>();

    /** {@code reason: note}. */
    public final List<String> events = new CopyOnWriteArrayList<>();

    public final List<String> patches = new CopyOnWriteArrayList<>();

    private volatile ApiException bindError;

    /** Null ends it. */
    public void failBindings(ApiException error) {
        bindError = error;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <B extends Message, R extends Message> R createSubresource(
            ResourceType<?> type, ObjectKey key, String subresource, B body, R replyPrototype) {
        if (bindError != null) {
            throw bindError;
        }
        if (bindings.putIfAbsent(key.name(), ((Binding) body).getTarget().getName()) != null) {
            throw ApiException.conflict(type, key.name(), "pod " + key.name() + " is already assigned to node");
        }
        return (R) replyPrototype.getDefaultInstanceForType();
    }

    @Override
    public <T extends Message> T create(ResourceType<T> type, T object) {
        if (object instanceof Event event) {
            events.add(event.getReason() + ": " + event.getNote());
        }
        return object;
    }

    @Override
    public <T extends Message> T patch(
            ResourceType<T> type, ObjectKey key, String subresource, PatchKind kind, String patch) {
        if (subresource.equals("status")) {
            patches.add(patch);
        }
        return type.prototype();
    }

    @Override
    public <T extends Message> T get(ResourceType<T> type, ObjectKey key) {
        throw ApiException.notFound(type, key.name());
    }

    @Override
    public <T extends Message> ObjectList<T> list(ResourceType<T> type, String namespace, Selection selection) {
        return new ObjectList<>(List.of(), "1");
    }

    @Override
    public <T extends Message> T update(ResourceType<T> type, T object) {
        return object;
    }

    @Override
    public <T extends Message> T updateStatus(ResourceType<T> type, T object) {
        return object;
    }

    @Override
    public void delete(ResourceType<?> type, ObjectKey key, DeleteOptions options) {}

    @Override
    public <T extends Message> Watch watch(
            ResourceType<T> type,
            String namespace,
            Selection selection,
            String resourceVersion,
            WatchListener<T> listener) {
        return () -> {};
    }

    @Override
    public void close() {}
}
