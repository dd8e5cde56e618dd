package io.jollyboat.controllers;

import com.google.protobuf.Message;
import io.jollyboat.client.Selection;
import io.jollyboat.informer.Informer;
import io.jollyboat.informer.Informers;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Caches that see what the test shows them, when it does. */
final class HandInformers implements Informers {
    private final Map<ResourceType<?>, HandInformer<?>> informers = new HashMap<>();

    @Override
    public <T extends Message> Informer<T> of(ResourceType<T> type, Selection selection) {
        return of(type);
    }

    @Override
    @SuppressWarnings("unchecked") // kept under its own type
    public <T extends Message> HandInformer<T> of(ResourceType<T> type) {
        return (HandInformer<T>) informers.computeIfAbsent(type, t -> new HandInformer<>(type));
    }

    @Override
    public void start() {}

    @Override
    public boolean awaitSync(Duration timeout) {
        return true;
    }

    @Override
    public void close() {}

    static final class HandInformer<T extends Message> implements Informer<T> {
        private final ResourceType<T> type;
        private final Map<ObjectKey, T> objects = new ConcurrentHashMap<>();
        private final Map<String, Function<T, List<String>>> indexes = new ConcurrentHashMap<>();
        private final List<ChangeHandler<T>> handlers = new CopyOnWriteArrayList<>();
        private volatile long version;

        HandInformer(ResourceType<T> type) {
            this.type = type;
        }

        void show(T object) {
            version = Math.max(version, Long.parseLong(type.meta(object).getResourceVersion()));
            T before = objects.put(type.key(object), object);
            handlers.forEach(handler -> handler.onChange(before, object));
        }

        void showGone(ObjectKey key) {
            T before = objects.remove(key);
            handlers.forEach(handler -> handler.onChange(before, null));
        }

        @Override
        public ResourceType<T> type() {
            return type;
        }

        @Override
        public T get(ObjectKey key) {
            return objects.get(key);
        }

        @Override
        public Collection<T> list() {
            return objects.values();
        }

        @Override
        public Collection<T> list(String namespace) {
            return objects.values().stream()
                    .filter(object -> type.key(object).namespace().equals(namespace))
                    .toList();
        }

        @Override
        public void addIndex(String index, Function<T, List<String>> values) {
            indexes.put(index, values);
        }

        @Override
        public Collection<T> byIndex(String index, String value) {
            return objects.values().stream()
                    .filter(object -> indexes.get(index).apply(object).contains(value))
                    .toList();
        }

        @Override
        public void addHandler(ChangeHandler<T> handler) {
            handlers.add(handler);
        }

        @Override
        public boolean hasSynced() {
            return true;
        }

        @Override
        public void awaitSync() {}

        @Override
        public long resourceVersion() {
            return version;
        }
    }
}
