package io.jollyboat.informer;

import com.google.protobuf.Message;
import io.jollyboat.client.Selection;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/**
 * Informers without a server: they hold what somebody puts in by hand, when he does, so that a test decides how far a
 * cache is behind. They have synced when they are started. All selections of a type see the same objects.
 */
public final class HandInformers implements Informers {
    private final Map<ResourceType<?>, HandInformer<?>> informers = new HashMap<>();
    private final CountDownLatch started = new CountDownLatch(1);

    @Override
    @SuppressWarnings("unchecked") // kept under its own type
    public synchronized <T extends Message> Informer<T> of(ResourceType<T> type, Selection selection) {
        return (Informer<T>) informers.computeIfAbsent(type, t -> new HandInformer<>(type));
    }

    /** Creates or replaces. */
    public <T extends Message> void put(T object) {
        of(object).put(object);
    }

    /** No effect on what is not there. */
    public <T extends Message> void remove(T object) {
        HandInformer<T> informer = of(object);
        informer.remove(informer.type().key(object));
    }

    @SuppressWarnings("unchecked") // the object's class is the type's, and all informers here are made here
    private <T extends Message> HandInformer<T> of(T object) {
        return (HandInformer<T>) of(Kinds.of((Class<T>) object.getClass()));
    }

    @Override
    public synchronized void forget(Informer<?> informer) {
        informers.remove(informer.type(), informer);
    }

    @Override
    public void start() {
        started.countDown();
    }

    @Override
    public boolean awaitSync(Duration timeout) {
        return started.getCount() == 0;
    }

    @Override
    public void close() {}

    private final class HandInformer<T extends Message> implements Informer<T> {
        private final ResourceType<T> type;
        private final Map<ObjectKey, T> objects = new ConcurrentHashMap<>();
        private final Map<String, Function<T, List<String>>> indexes = new ConcurrentHashMap<>();
        private final List<ChangeHandler<T>> handlers = new CopyOnWriteArrayList<>();
        private volatile long version;

        HandInformer(ResourceType<T> type) {
            this.type = type;
        }

        synchronized void put(T object) {
            String said = type.meta(object).getResourceVersion();
            version = said.isEmpty() ? version + 1 : Math.max(version, Long.parseLong(said));
            T before = objects.put(type.key(object), object);
            handlers.forEach(handler -> handler.onChange(before, object));
        }

        synchronized void remove(ObjectKey key) {
            T before = objects.remove(key);
            if (before != null) {
                handlers.forEach(handler -> handler.onChange(before, null));
            }
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
        public synchronized void addHandler(ChangeHandler<T> handler) {
            handlers.add(handler);
            objects.values().forEach(object -> handler.onChange(null, object));
        }

        @Override
        public boolean hasSynced() {
            return started.getCount() == 0;
        }

        @Override
        public void awaitSync() throws InterruptedException {
            started.await();
        }

        @Override
        public long resourceVersion() {
            return version;
        }
    }
}
