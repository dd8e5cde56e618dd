package io.jollyboat.apiserver.security;

import com.google.protobuf.Message;
import io.jollyboat.apiserver.auth.LiveObjects;
import io.jollyboat.apiserver.auth.ObjectLookup;
import io.jollyboat.apiserver.cache.CacheEvent;
import io.jollyboat.apiserver.cache.CacheView;
import io.jollyboat.apiserver.cache.CacheWatch;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.cache.ResourceCache;
import io.jollyboat.apiserver.cache.WatchScope;
import io.jollyboat.apiserver.storage.StorageKeys;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** The server's own caches, as authorizers and authenticators want to see them. One thread at a time per listener. */
public final class CacheObjectLookup implements ObjectLookup, AutoCloseable {
    private static final Log LOG = Log.of(CacheObjectLookup.class);

    private static final Duration RETRY = Duration.ofMillis(200);

    private final ObjectStorages storages;
    private final Runtime runtime;
    private final List<Following<?>> followings = new ArrayList<>();
    private volatile boolean closed;

    public CacheObjectLookup(ObjectStorages storages, Runtime runtime) {
        this.storages = storages;
        this.runtime = runtime;
    }

    @Override
    public <T extends Message> void listen(ResourceType<T> type, Listener<T> listener) {
        Following<T> following = new Following<>(type, listener);
        followings.add(following);
        storages.of(type).cache().onRead(following::read);
    }

    /** Begins to tell the listeners. */
    public void start() {
        followings.forEach(following -> runtime.start("follow " + following.name(), following::run));
    }

    /** Whether every listener has heard of all objects there were at the start. */
    public boolean hasSynced() {
        return followings.stream().allMatch(following -> following.synced);
    }

    @Override
    public void close() {
        closed = true;
        followings.forEach(Following::stop);
    }

    /** The live reads of the same storages. */
    public LiveObjects live() {
        return new LiveObjects() {
            @Override
            public <T extends Message> T get(ResourceType<T> type, ObjectKey key) {
                return object(type, storages.of(type).get(storageKey(key)));
            }
        };
    }

    @Override
    public <T extends Message> T get(ResourceType<T> type, ObjectKey key) {
        return object(type, storages.of(type).cache().get(storageKey(key)));
    }

    private static String storageKey(ObjectKey key) {
        return StorageKeys.suffix(key.namespace(), key.name());
    }

    // The stored version's message is the type's own for every kind asked for here.
    private static <T extends Message> T object(ResourceType<T> type, Entry entry) {
        if (entry == null) {
            return null;
        }
        @SuppressWarnings("unchecked")
        Class<T> kind = (Class<T>) type.prototype().getClass();
        return kind.cast(entry.object());
    }

    /** Hands one resource's changes to one listener, across ends of the watch. */
    private final class Following<T extends Message> {
        private final ResourceType<T> type;
        private final Listener<T> listener;
        /** To the revision that the listener was told of. */
        private final Map<ObjectKey, Long> known = new HashMap<>();

        private volatile boolean synced;
        private volatile CacheWatch watch;

        private Following(ResourceType<T> type, Listener<T> listener) {
            this.type = type;
            this.listener = listener;
        }

        private void stop() {
            CacheWatch running = watch;
            if (running != null) {
                running.close();
            }
        }

        // Whatever ends a pass, the next one starts from the whole state: nobody decides by an index that stands still.
        private void run() {
            ResourceCache cache = storages.of(type).cache();
            try {
                while (!closed) {
                    try {
                        cache.filled().get();
                        CacheView view = cache.snapshot();
                        replace(view);
                        follow(cache, view.revision());
                    } catch (ApiException e) {
                        LOG.info("following starts over", "resource", name(), "reason", e.getMessage());
                        runtime.sleep(RETRY);
                    } catch (RuntimeException | ExecutionException e) {
                        LOG.error("following starts over", e, "resource", name());
                        runtime.sleep(RETRY);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private String name() {
            return type.qualifiedResource();
        }

        /** Before the first pass the listener hears of objects while they are decoded for the cache. */
        private synchronized void read(Entry entry) {
            if (synced || closed) {
                return;
            }
            try {
                put(entry);
            } catch (RuntimeException e) {
                LOG.error("the first pass will tell it again", e, "resource", name(), "key", entry.key());
            }
        }

        private synchronized void replace(CacheView view) {
            Set<ObjectKey> present = new HashSet<>();
            for (Entry entry : view.list("")) {
                ObjectKey key = ObjectKey.of(entry.namespace(), entry.name());
                present.add(key);
                Long told = known.get(key);
                if (told == null || told != entry.revision()) {
                    put(entry);
                }
            }
            for (ObjectKey key : List.copyOf(known.keySet())) {
                if (!present.contains(key)) {
                    remove(key);
                }
            }
            synced = true;
        }

        private void follow(ResourceCache cache, long revision) throws InterruptedException {
            try (CacheWatch running = cache.watch(revision, WatchScope.all())) {
                watch = running;
                if (closed) {
                    return;
                }
                List<CacheEvent> events = running.take();
                while (!events.isEmpty()) {
                    events.forEach(this::handle);
                    events = running.take();
                }
            }
        }

        private synchronized void handle(CacheEvent event) {
            switch (event.type()) {
                case ADDED, MODIFIED -> put(event.entry());
                case DELETED ->
                    remove(ObjectKey.of(event.entry().namespace(), event.entry().name()));
                case BOOKMARK, INITIAL_EVENTS_END -> {
                    // Nothing changed.
                }
            }
        }

        private void put(Entry entry) {
            ObjectKey key = ObjectKey.of(entry.namespace(), entry.name());
            listener.onPut(key, object(type, entry));
            known.put(key, entry.revision());
        }

        private void remove(ObjectKey key) {
            known.remove(key);
            listener.onRemove(key);
        }
    }
}
