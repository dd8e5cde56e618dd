package io.jollyboat.apiserver.auth;

import com.google.protobuf.Message;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Objects in maps; tells listeners on the caller's thread. */
public final class FakeObjects implements ObjectLookup, LiveObjects {
    private final Map<ResourceType<?>, Map<ObjectKey, Message>> objects = new HashMap<>();
    private final Map<ResourceType<?>, List<Listener<Message>>> listeners = new HashMap<>();

    @SuppressWarnings("unchecked")
    public <T extends Message> FakeObjects put(T object) {
        ResourceType<T> type = (ResourceType<T>) Kinds.of(object.getClass());
        ObjectKey key = type.key(object);
        objects.computeIfAbsent(type, any -> new LinkedHashMap<>()).put(key, object);
        listeners.getOrDefault(type, List.of()).forEach(listener -> listener.onPut(key, object));
        return this;
    }

    public void remove(ResourceType<?> type, ObjectKey key) {
        objects.getOrDefault(type, Map.of()).remove(key);
        listeners.getOrDefault(type, List.of()).forEach(listener -> listener.onRemove(key));
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T extends Message> T get(ResourceType<T> type, ObjectKey key) {
        return (T) objects.getOrDefault(type, Map.of()).get(key);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T extends Message> void listen(ResourceType<T> type, Listener<T> listener) {
        listeners.computeIfAbsent(type, any -> new ArrayList<>()).add((Listener<Message>) listener);
        objects.getOrDefault(type, Map.of()).forEach((key, object) -> listener.onPut(key, (T) object));
    }
}
