package io.jollyboat.informer;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.ApiClient.Watch;
import io.jollyboat.client.ObjectList;
import io.jollyboat.client.Selection;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * One informer: lists once, then follows a watch. When the watch ends it goes on from the last resourceVersion seen, so
 * that nothing is lost or told twice; only when the server no longer has that version does it list again, and then tells
 * the handlers the differences. While there is no server the cache stays as it was.
 */
final class WatchInformer<T extends Message> implements Informer<T>, AutoCloseable {
    private static final Log LOG = Log.of(WatchInformer.class);
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long MAX_PAUSE_MILLIS = 3_000;
    private static final Duration NOT_SERVED_PAUSE = Duration.ofSeconds(60);

    private final ResourceType<T> type;
    private final Selection selection;
    private final boolean metadataOnly;
    private final ApiClient client;
    private final Runtime runtime;

    private final ObjectCache<T> cache = new ObjectCache<>();
    private final List<ChangeHandler<T>> handlers = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> synced = new CompletableFuture<>();
    private volatile long resourceVersion;
    private volatile boolean closed;
    private Thread thread;
    // Only the informer's own thread: consecutive failures.
    private int failures;

    WatchInformer(ResourceType<T> type, Selection selection, boolean metadataOnly, ApiClient client, Runtime runtime) {
        this.type = type;
        this.selection = selection;
        this.metadataOnly = metadataOnly;
        this.client = client;
        this.runtime = runtime;
    }

    @Override
    public ResourceType<T> type() {
        return type;
    }

    @Override
    public T get(ObjectKey key) {
        return cache.get(key);
    }

    @Override
    public Collection<T> list() {
        return cache.all();
    }

    @Override
    public Collection<T> list(String namespace) {
        return cache.inNamespace(namespace);
    }

    @Override
    public synchronized void addIndex(String index, Function<T, List<String>> values) {
        cache.addIndex(index, values);
    }

    @Override
    public Collection<T> byIndex(String index, String value) {
        return cache.byIndex(index, value);
    }

    @Override
    public synchronized void addHandler(ChangeHandler<T> handler) {
        for (T object : cache.all()) {
            tell(handler, null, object);
        }
        handlers.add(handler);
    }

    @Override
    public boolean hasSynced() {
        return synced.isDone();
    }

    @Override
    public void awaitSync() throws InterruptedException {
        try {
            synced.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // nothing completes it so
        }
    }

    CompletableFuture<Void> synced() {
        return synced;
    }

    @Override
    public long resourceVersion() {
        return resourceVersion;
    }

    synchronized void start() {
        if (thread == null && !closed) {
            thread = runtime.start("informer " + type.qualifiedResource(), this::run);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void run() {
        boolean list = true;
        while (!closed) {
            try {
                if (list) {
                    replaceAll(client.list(type, "", selection));
                    list = false;
                }
                ApiException error = follow();
                list = error != null && error.isGone();
                if (error != null && !list) {
                    pause(error);
                }
            } catch (ApiException e) {
                if (list && e.isNotFound()) {
                    notServed();
                } else {
                    pause(e);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("informer failed, lists anew", e, "type", type);
                list = true;
                pause(ApiException.internal(String.valueOf(e)));
            }
        }
    }

    /** Applies events until the watch is over; answers why, null for an end in peace. */
    private ApiException follow() throws InterruptedException {
        WatchEvents<T> events = new WatchEvents<>();
        try (Watch _ = client.watch(type, "", selection, Long.toString(resourceVersion), events)) {
            while (!closed) {
                switch (events.take()) {
                    case WatchEvents.Put<T> put -> {
                        failures = 0;
                        apply(put.object());
                    }
                    case WatchEvents.Removed<T> removed -> remove(removed.last());
                    case WatchEvents.Bookmark<T> bookmark -> {
                        failures = 0;
                        reached(bookmark.resourceVersion());
                    }
                    case WatchEvents.End<T> end -> {
                        if (end.error() == null) {
                            // A server that ends each watch at once must not be asked without pause.
                            runtime.sleep(Duration.ofMillis(10));
                        }
                        return end.error();
                    }
                }
            }
        } finally {
            events.close();
        }
        return null;
    }

    private synchronized void replaceAll(ObjectList<T> list) {
        Map<ObjectKey, T> present = new HashMap<>();
        for (T item : list.items()) {
            present.put(type.key(item), item);
        }
        for (ObjectKey key : List.copyOf(cache.keys())) {
            if (!present.containsKey(key)) {
                tellAll(cache.remove(key), null);
            }
        }
        present.values().forEach(this::put);
        resourceVersion = Long.parseLong(list.resourceVersion());
        failures = 0;
        synced.complete(null);
    }

    private synchronized void apply(T object) {
        put(object);
        reached(type.meta(object).getResourceVersion());
    }

    private synchronized void remove(T last) {
        ObjectKey key = type.key(last);
        T before = cache.remove(key);
        if (before != null) {
            tellAll(slim(last), null);
        }
        reached(type.meta(last).getResourceVersion());
    }

    private void put(T object) {
        ObjectKey key = type.key(object);
        T present = cache.get(key);
        if (present != null && version(present).equals(version(object))) {
            return;
        }
        T slim = slim(object);
        tellAll(cache.put(key, slim), slim);
    }

    private String version(T object) {
        return type.meta(object).getResourceVersion();
    }

    private T slim(T object) {
        ObjectMeta meta = type.meta(object);
        if (meta.getManagedFieldsCount() == 0 && !metadataOnly) {
            return object;
        }
        return type.withMeta(
                metadataOnly ? type.prototype() : object,
                meta.toBuilder().clearManagedFields().build());
    }

    private void reached(String version) {
        resourceVersion = Math.max(resourceVersion, Long.parseLong(version));
    }

    /** Deletions carry the object as it was last seen by the server, additions and changes as it is cached. */
    private void tellAll(T before, T after) {
        for (ChangeHandler<T> handler : handlers) {
            tell(handler, before, after);
        }
    }

    private void tell(ChangeHandler<T> handler, T before, T after) {
        try {
            handler.onChange(before, after);
        } catch (RuntimeException e) {
            LOG.error("handler failed", e, "type", type, "key", type.key(after == null ? before : after));
        }
    }

    /** The server does not know the kind: there are no objects of it, and nobody is to wait for them. */
    private void notServed() {
        LOG.info("kind is not served, asking again later", "type", type);
        synced.complete(null);
        try {
            runtime.sleep(NOT_SERVED_PAUSE);
        } catch (InterruptedException e) {
            LOG.debug("informer closed", "type", type);
        }
    }

    private void pause(ApiException error) {
        if (closed) {
            return;
        }
        long pause = Math.min(MAX_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures, 10));
        failures++;
        if (failures == 1) {
            LOG.info("watch interrupted, retrying", "type", type, "code", error.code(), "error", error.getMessage());
        } else if (failures == 5) {
            LOG.warn("still no watch, retrying", "type", type, "code", error.code(), "error", error.getMessage());
        }
        try {
            client.pause(runtime, Duration.ofMillis(pause / 2 + runtime.random().nextLong(pause)));
        } catch (InterruptedException e) {
            // Closed: the caller's loop ends.
            LOG.debug("informer closed", "type", type);
        }
    }
}
