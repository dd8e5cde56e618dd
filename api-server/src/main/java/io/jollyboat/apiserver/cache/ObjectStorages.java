package io.jollyboat.apiserver.cache;

import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.apiserver.storage.StorageKeys;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The storage of every resource, over one store and one watch. A resource's cache exists from the first time it is asked
 * for: ask for all that are served before {@link #start}. The store is the caller's to close.
 */
public final class ObjectStorages implements AutoCloseable {
    private static final Duration BOOKMARK_TICK = Duration.ofSeconds(10);

    private final KeyValueStore store;
    private final Runtime runtime;
    private final Metrics metrics;
    private final StoreFeed feed;
    private final RevisionProbe probe;
    private final LeasePool leases;
    private final Compactor compactor;
    private final Map<String, ObjectStorage> byPrefix = new ConcurrentHashMap<>();
    private final Map<ResourceType<?>, ObjectStorage> byType = new ConcurrentHashMap<>();
    private volatile boolean closed;

    public ObjectStorages(KeyValueStore store, Runtime runtime) {
        this(store, runtime, new Metrics());
    }

    public ObjectStorages(KeyValueStore store, Runtime runtime, Metrics metrics) {
        this.metrics = metrics;
        this.store = store;
        this.runtime = runtime;
        this.feed = new StoreFeed(store, runtime);
        this.probe = new RevisionProbe(store);
        this.leases = new LeasePool(store, runtime);
        this.compactor = new Compactor(store, runtime, this::forget);
    }

    /** Begins to fill all caches, to send bookmarks, and to compact the store. */
    public void start() {
        feed.start();
        compactor.start();
        tick();
    }

    /** Empty when the store answers and all caches are filled; else why not. */
    public String notReadyReason() {
        try {
            probe.ask().join();
        } catch (CompletionException e) {
            return "etcd failed: " + CacheErrors.unwrap(e).getMessage();
        }
        // What comes and goes does not count.
        for (ObjectStorage storage : byType.values()) {
            ResourceCache cache = storage.cache();
            if (!cache.isLive()) {
                return "the cache of " + cache.resource().plural() + " is not filled";
            }
        }
        return "";
    }

    /**
     * The storage of a resource; all its versions, and events of both groups, share one. 404 for a custom one that is not
     * open, since its definition went meanwhile.
     */
    public ObjectStorage of(ResourceType<?> type) {
        if (type.isCustom()) {
            ObjectStorage open = byPrefix.get(StorageKeys.prefix(type));
            if (open == null) {
                throw ApiException.of(404, "NotFound", "the server could not find the requested resource");
            }
            return open;
        }
        ObjectStorage known = byType.get(type);
        if (known != null) {
            return known;
        }
        // Two types may share one storage, and one may be asked for while the other is made.
        ResourceType<?> stored = StorageKeys.storedAs(type);
        ObjectStorage storage =
                byPrefix.computeIfAbsent(StorageKeys.prefix(stored), prefix -> create(BuiltInResources.of(stored)));
        byType.put(type, storage);
        return storage;
    }

    /** The storage of a resource that comes and goes, such as a custom one; filled from the call on. */
    public ObjectStorage open(StoredResource resource) {
        return byPrefix.computeIfAbsent(resource.prefix(), prefix -> create(resource));
    }

    /** Forgets the resource and ends its watches; stored objects stay. */
    public void close(StoredResource resource) {
        ObjectStorage storage = byPrefix.remove(resource.prefix());
        if (storage != null) {
            feed.remove(storage.cache());
            storage.cache().retire();
        }
    }

    /** The resource's codec reads stored objects otherwise from now on: its watches end, its cache is made anew. */
    public void renew(StoredResource resource) {
        ObjectStorage storage = byPrefix.get(resource.prefix());
        if (storage != null) {
            storage.cache().renew();
        }
    }

    /** Looks again at what could not be read, since its key may be known now. */
    public void retryUnreadable() {
        byPrefix.values().forEach(storage -> storage.cache().retryUnreadable());
    }

    /** Completes when all caches that exist now are filled. */
    public CompletableFuture<Void> filled() {
        return CompletableFuture.allOf(byPrefix.values().stream()
                .map(storage -> storage.cache().filled())
                .toArray(CompletableFuture<?>[]::new));
    }

    @Override
    public void close() {
        closed = true;
        feed.close();
        compactor.close();
        byPrefix.values().forEach(storage -> storage.cache().freeze());
    }

    private ObjectStorage create(StoredResource resource) {
        ResourceMetrics counts = new ResourceMetrics(metrics, runtime, resource);
        ResourceCache cache = new ResourceCache(resource, store, feed, probe, runtime, counts);
        feed.add(cache);
        return new ObjectStorage(store, cache, leases, counts);
    }

    /** What the store does not have any more no cache shows either: a list in pages ends when it would on any server. */
    private void forget(long revision) {
        byPrefix.values().forEach(storage -> storage.cache().compacted(revision));
    }

    private void tick() {
        runtime.schedule(BOOKMARK_TICK, () -> {
            if (!closed) {
                feed.caches().forEach(ResourceCache::bookmarks);
                tick();
            }
        });
    }
}
