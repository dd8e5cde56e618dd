package io.jollyboat.proxy;

import com.google.protobuf.Message;
import io.jollyboat.client.Selection;
import io.jollyboat.informer.Informer;
import io.jollyboat.informer.Informers;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Informers whose objects the test puts in. They have synced when they are started. */
public final class FakeInformers implements Informers {
    private final Map<ResourceType<?>, FakeInformer<?>> informers = new HashMap<>();
    private final CountDownLatch started = new CountDownLatch(1);
    private final AtomicLong version = new AtomicLong(1);

    @Override
    @SuppressWarnings("unchecked") // the key's type is the informer's
    public synchronized <T extends Message> FakeInformer<T> of(ResourceType<T> type, Selection selection) {
        return (FakeInformer<T>) informers.computeIfAbsent(type, t -> new FakeInformer<>(type));
    }

    /** Creates or replaces. */
    @SuppressWarnings("unchecked") // the object's class is the type's
    public <T extends Message> void put(T object) {
        of(Kinds.of((Class<T>) object.getClass()), Selection.ALL).put(object);
    }

    @SuppressWarnings("unchecked") // the object's class is the type's
    public <T extends Message> void remove(T object) {
        of(Kinds.of((Class<T>) object.getClass()), Selection.ALL).remove(object);
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

    /** One of them. */
    public final class FakeInformer<T extends Message> implements Informer<T> {
        private final ResourceType<T> type;
        private final Map<ObjectKey, T> objects = new ConcurrentHashMap<>();
        private final Map<String, Function<T, List<String>>> indexes = new HashMap<>();
        private final List<ChangeHandler<T>> handlers = new ArrayList<>();

        private FakeInformer(ResourceType<T> type) {
            this.type = type;
        }

        private synchronized void put(T object) {
            version.incrementAndGet();
            T before = objects.put(type.key(object), object);
            handlers.forEach(h -> h.onChange(before, object));
        }

        private synchronized void remove(T object) {
            version.incrementAndGet();
            T before = objects.remove(type.key(object));
            if (before != null) {
                handlers.forEach(h -> h.onChange(before, null));
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
            return objects.entrySet().stream()
                    .filter(e -> e.getKey().namespace().equals(namespace))
                    .map(Map.Entry::getValue)
                    .toList();
        }

        @Override
        public void addIndex(String index, Function<T, List<String>> values) {
            indexes.put(index, values);
        }

        @Override
        public Collection<T> byIndex(String index, String value) {
            return objects.values().stream()
                    .filter(o -> indexes.get(index).apply(o).contains(value))
                    .toList();
        }

        @Override
        public synchronized void addHandler(ChangeHandler<T> handler) {
            handlers.add(handler);
            objects.values().forEach(o -> handler.onChange(null, o));
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
            return version.get();
        }
    }
}
