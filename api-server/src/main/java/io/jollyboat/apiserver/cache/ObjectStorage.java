package io.jollyboat.apiserver.cache;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.jollyboat.apiserver.cache.ResourceMetrics.Operation;
import io.jollyboat.apiserver.storage.KeyValue;
import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.apiserver.storage.RangeRequest;
import io.jollyboat.apiserver.storage.RangeResult;
import io.jollyboat.apiserver.storage.WriteResult;
import io.jollyboat.errors.ApiException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Reads and writes objects of one resource. Calls block and belong on virtual threads; many at once are pipelined. A
 * write has happened when the call returns; the cache shows it a moment later ({@link ResourceCache#awaitRevision}).
 * Failures are ApiExceptions with upstream's Status; a store's time-out on a write leaves open whether it happened.
 */
public final class ObjectStorage {
    private final StoredResource resource;
    private final KeyValueStore store;
    private final ResourceCache cache;
    private final LeasePool leases;
    private final ResourceMetrics metrics;

    ObjectStorage(KeyValueStore store, ResourceCache cache, LeasePool leases, ResourceMetrics metrics) {
        this.metrics = metrics;
        this.resource = cache.resource();
        this.store = store;
        this.cache = cache;
        this.leases = leases;
    }

    public ResourceCache cache() {
        return cache;
    }

    /**
     * Stores a new object. Any resourceVersion in it is ignored.
     *
     * @param ttlSeconds 0 for ever
     * @throws ApiException 409 AlreadyExists
     */
    public Entry create(String key, Message object, long ttlSeconds) {
        ByteString body = resource.codec().encode(object);
        return switch (put(key, body, 0, ttlSeconds)) {
            case WriteResult.Written written -> written(key, body, object, written.revision(), written.revision());
            case WriteResult.Conflict conflict -> throw StorageErrors.alreadyExists(resource, key);
        };
    }

    /** Linearizable: the state when the call began, or a later one. Null when there is none. */
    public Entry get(String key) {
        CacheErrors.join(cache.awaitCurrent());
        return cache.get(key);
    }

    /**
     * Changes an object, again and again until nothing interferes. The first attempt starts from the cache's state, so
     * the function may be called with a stale one: what it throws then is thrown only if it throws it with the newest
     * state too. It has no side effects. A result equal to what is stored is not written.
     *
     * @param change from the current entry (null when there is none) to the new object; null leaves it as it is
     * @param createMissing whether an absent object is handed to the function as null; else 404
     * @param ttlSeconds of the new state, 0 for ever
     * @return the stored state, null only if the function left an absent object absent
     */
    public Entry update(
            String key,
            Preconditions preconditions,
            boolean createMissing,
            long ttlSeconds,
            Function<Entry, Message> change) {
        Attempt attempt = first(key);
        while (true) {
            Entry current = attempt.current;
            Message changed;
            try {
                if (current == null && !createMissing) {
                    throw StorageErrors.notFound(resource, key);
                }
                preconditions.check(resource, key, current);
                changed = change.apply(current);
            } catch (ApiException e) {
                attempt = again(attempt, key, e);
                continue;
            }
            ByteString body = changed == null ? null : resource.codec().encode(changed);
            if (body == null || (current != null && body.equals(current.body()))) {
                Attempt confirmed = attempt.fresh ? attempt : fresh(key);
                if (!confirmed.sameAs(attempt)) {
                    attempt = confirmed;
                    continue;
                }
                if (body == null || !CacheErrors.join(store.isStale(path(key)))) {
                    return current;
                }
            }
            switch (put(key, body, current == null ? 0 : current.revision(), ttlSeconds)) {
                case WriteResult.Written written -> {
                    long created = current == null ? written.revision() : current.createRevision();
                    return written(key, body, changed, written.revision(), created);
                }
                case WriteResult.Conflict conflict -> attempt = fresh(key, conflict.current());
            }
        }
    }

    /**
     * Deletes an object.
     *
     * @param check throws what forbids the deletion; may be called with a stale state as in {@link #update}
     * @return the last state, with the revision of the deletion
     */
    public Entry delete(String key, Preconditions preconditions, Consumer<Entry> check) {
        Attempt attempt = first(key);
        while (true) {
            Entry current = attempt.current;
            try {
                if (current == null) {
                    throw StorageErrors.notFound(resource, key);
                }
                preconditions.check(resource, key, current);
                check.accept(current);
            } catch (ApiException e) {
                attempt = again(attempt, key, e);
                continue;
            }
            switch (metrics.timed(Operation.DELETE, () -> store.delete(path(key), current.revision()))) {
                case WriteResult.Written written -> {
                    return current.at(written.revision());
                }
                case WriteResult.Conflict conflict -> attempt = fresh(key, conflict.current());
            }
        }
    }

    /** @param fresh whether the state was read from the store for this attempt, and not from the cache */
    private record Attempt(Entry current, boolean fresh) {
        boolean sameAs(Attempt other) {
            return (current == null ? 0 : current.revision()) == (other.current == null ? 0 : other.current.revision());
        }
    }

    private Attempt first(String key) {
        return cache.isLive() ? new Attempt(cache.get(key), false) : fresh(key);
    }

    /** With the store's state after a failure that may be the cache's fault; else the failure stands. */
    private Attempt again(Attempt failed, String key, ApiException failure) {
        if (failed.fresh) {
            throw failure;
        }
        Attempt fresh = fresh(key);
        if (fresh.sameAs(failed)) {
            throw failure;
        }
        return fresh;
    }

    private Attempt fresh(String key) {
        RangeResult found = metrics.timed(Operation.GET, () -> store.range(RangeRequest.key(path(key))));
        return fresh(key, found.entries().isEmpty() ? null : found.entries().getFirst());
    }

    private Attempt fresh(String key, KeyValue stored) {
        if (stored == null) {
            return new Attempt(null, true);
        }
        Entry entry = EntryReader.read(resource, key, stored);
        if (entry == null) {
            throw ApiException.internal("the stored object " + resource.prefix() + key + " cannot be read");
        }
        return new Attempt(entry, true);
    }

    private WriteResult put(String key, ByteString body, long expectedModRevision, long ttlSeconds) {
        ByteString value = resource.codec().wrap(body);
        if (ttlSeconds == 0) {
            return metrics.timed(
                    operation(expectedModRevision), () -> store.put(path(key), value, expectedModRevision, 0));
        }
        try {
            return putLeased(key, value, expectedModRevision, ttlSeconds);
        } catch (ApiException e) {
            if (!e.getMessage().contains("lease not found")) {
                throw e;
            }
            // An etcd restored from a backup, or a clock that jumped: nothing was written.
            leases.forget();
            return putLeased(key, value, expectedModRevision, ttlSeconds);
        }
    }

    private WriteResult putLeased(String key, ByteString value, long expectedModRevision, long ttlSeconds) {
        return metrics.timed(
                operation(expectedModRevision),
                () -> leases.lease(ttlSeconds)
                        .thenCompose(lease -> store.put(path(key), value, expectedModRevision, lease)));
    }

    private static Operation operation(long expectedModRevision) {
        return expectedModRevision == 0 ? Operation.CREATE : Operation.UPDATE;
    }

    private Entry written(String key, ByteString body, Message object, long revision, long createRevision) {
        return cache.adopt(Entry.of(resource, key, body, object, revision, createRevision));
    }

    private ByteString path(String key) {
        return ByteString.copyFromUtf8(resource.prefix() + key);
    }
}
