package io.jollyboat.apiserver.cache;

import com.google.protobuf.ByteString;
import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.apiserver.storage.StorageKeys;
import io.jollyboat.apiserver.storage.StoreEvent;
import io.jollyboat.apiserver.storage.StoreException;
import io.jollyboat.apiserver.storage.WatchListener;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The one watch on the store, over all keys. Every revision of the store is a change of some key, so the last event's
 * revision is the store's, and each cache knows where it stands without asking. Events are handled on the store's
 * thread, one batch after the other.
 */
final class StoreFeed {
    private static final Log LOG = Log.of(StoreFeed.class);
    private static final Duration RETRY = Duration.ofMillis(500);

    private final KeyValueStore store;
    private final Runtime runtime;
    private final Map<String, ResourceCache> caches = new ConcurrentHashMap<>();
    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>(Comparator.comparingLong(Waiter::revision));

    /** All caches that are filled hold every change up to here. */
    private volatile long revision;

    private volatile boolean waited;
    private KeyValueStore.Watch watch;
    private boolean running;
    private boolean closed;

    private record Waiter(long revision, CompletableFuture<Void> reached) {}

    StoreFeed(KeyValueStore store, Runtime runtime) {
        this.store = store;
        this.runtime = runtime;
    }

    long revision() {
        return revision;
    }

    void start() {
        var _ = store.currentRevision().whenComplete((current, failure) -> {
            if (failure == null) {
                open(current);
            } else if (!isClosed()) {
                LOG.warn(
                        "the store does not answer",
                        "reason",
                        CacheErrors.unwrap(failure).getMessage());
                runtime.schedule(RETRY, this::start);
            }
        });
    }

    private void open(long current) {
        reach(current);
        synchronized (this) {
            if (closed) {
                return;
            }
            running = true;
            watch = store.watch(ByteString.EMPTY, current + 1, new Listener());
        }
        caches.values().forEach(ResourceCache::load);
    }

    /** Adds a cache, which has not begun to load. */
    void add(ResourceCache cache) {
        synchronized (this) {
            caches.put(cache.resource().prefix(), cache);
            if (!running) {
                return;
            }
        }
        cache.load();
    }

    void remove(ResourceCache cache) {
        caches.remove(cache.resource().prefix(), cache);
    }

    Iterable<ResourceCache> caches() {
        return caches.values();
    }

    /** Completes when all events up to the revision were handed to the caches. */
    CompletableFuture<Void> await(long wanted) {
        CompletableFuture<Void> reached = new CompletableFuture<>();
        synchronized (waiters) {
            waited = true;
            if (revision < wanted) {
                waiters.add(new Waiter(wanted, reached));
                return reached;
            }
        }
        reached.complete(null);
        return reached;
    }

    /** Nobody waits for it any more. */
    void forget(CompletableFuture<Void> reached) {
        reached.cancel(false);
        synchronized (waiters) {
            waiters.removeIf(waiter -> waiter.reached.isDone());
        }
    }

    void close() {
        KeyValueStore.Watch open;
        synchronized (this) {
            closed = true;
            open = watch;
        }
        if (open != null) {
            open.close();
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void reach(long newRevision) {
        if (newRevision <= revision) {
            return;
        }
        revision = newRevision;
        if (!waited) {
            return;
        }
        while (true) {
            Waiter due;
            synchronized (waiters) {
                due = waiters.peek();
                if (due == null || due.revision > newRevision) {
                    waited = due != null;
                    return;
                }
                waiters.poll();
            }
            due.reached.complete(null);
        }
    }

    private void dispatch(StoreEvent event) {
        String key = event.key().toStringUtf8();
        int end = key.indexOf('/', StorageKeys.ROOT.length()) + 1;
        if (!key.startsWith(StorageKeys.ROOT) || end == 0) {
            return;
        }
        ResourceCache cache = caches.get(key.substring(0, end));
        if (cache == null) {
            // services/specs, and those below their group's name.
            end = key.indexOf('/', end) + 1;
            cache = end == 0 ? null : caches.get(key.substring(0, end));
        }
        if (cache != null) {
            cache.apply(key.substring(end), event);
        }
    }

    private final class Listener implements WatchListener {
        @Override
        public void onEvents(List<StoreEvent> events) {
            events.forEach(StoreFeed.this::dispatch);
            reach(events.getLast().revision());
        }

        @Override
        public void onEnd(StoreException reason) {
            LOG.warn("the watch on the store ended, all caches are filled anew", "reason", reason.getMessage());
            synchronized (StoreFeed.this) {
                running = false;
            }
            caches.values().forEach(ResourceCache::freeze);
            // A store that was restored counts from where it stands now.
            revision = 0;
            start();
        }
    }
}
