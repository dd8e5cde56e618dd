package io.jollyboat.informer;

import io.jollyboat.kinds.ObjectKey;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Objects by key and by indexes. Reads are free of locks; writes come from one thread at a time. */
final class ObjectCache<T> {
    private final Map<ObjectKey, T> objects = new ConcurrentHashMap<>();
    private final Map<String, Map<ObjectKey, T>> namespaces = new ConcurrentHashMap<>();
    private final Map<String, Index<T>> indexes = new ConcurrentHashMap<>();

    void addIndex(String name, Function<T, List<String>> values) {
        Index<T> index = new Index<>(values, new ConcurrentHashMap<>());
        if (indexes.putIfAbsent(name, index) == null) {
            objects.forEach((key, object) -> put(index.entries, key, object, values.apply(object)));
        }
    }

    T get(ObjectKey key) {
        return objects.get(key);
    }

    Collection<T> all() {
        return Collections.unmodifiableCollection(objects.values());
    }

    Collection<ObjectKey> keys() {
        return objects.keySet();
    }

    Collection<T> inNamespace(String namespace) {
        return view(namespaces, namespace);
    }

    Collection<T> byIndex(String name, String value) {
        Index<T> index = indexes.get(name);
        if (index == null) {
            throw new IllegalArgumentException("no index " + name);
        }
        return view(index.entries, value);
    }

    /** Answers the object before. */
    T put(ObjectKey key, T object) {
        T before = objects.put(key, object);
        put(namespaces, key, object, List.of(key.namespace()));
        for (Index<T> index : indexes.values()) {
            List<String> values = index.values.apply(object);
            if (before != null) {
                List<String> stale = index.values.apply(before).stream()
                        .filter(v -> !values.contains(v))
                        .toList();
                remove(index.entries, key, stale);
            }
            put(index.entries, key, object, values);
        }
        return before;
    }

    T remove(ObjectKey key) {
        T before = objects.remove(key);
        if (before != null) {
            remove(namespaces, key, List.of(key.namespace()));
            indexes.values().forEach(index -> remove(index.entries, key, index.values.apply(before)));
        }
        return before;
    }

    private static <T> void put(Map<String, Map<ObjectKey, T>> entries, ObjectKey key, T object, List<String> values) {
        for (String value : values) {
            entries.computeIfAbsent(value, v -> new ConcurrentHashMap<>()).put(key, object);
        }
    }

    private static <T> void remove(Map<String, Map<ObjectKey, T>> entries, ObjectKey key, List<String> values) {
        for (String value : values) {
            entries.computeIfPresent(value, (v, objects) -> {
                objects.remove(key);
                return objects.isEmpty() ? null : objects;
            });
        }
    }

    private static <T> Collection<T> view(Map<String, Map<ObjectKey, T>> entries, String value) {
        Map<ObjectKey, T> found = entries.get(value);
        return found == null ? List.of() : Collections.unmodifiableCollection(found.values());
    }

    private record Index<T>(Function<T, List<String>> values, Map<String, Map<ObjectKey, T>> entries) {}
}
