package io.jollyboat.apiserver.cache;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** All objects of one resource, a little behind the store. Thread-safe; reads take no lock. */
public interface ResourceCache {
    StoredResource resource();

    /** The newest state the cache knows. Null when there is none. */
    default Entry get(String key) {
        return snapshot().get(key);
    }

    /** All objects at the newest revision the cache knows. */
    CacheView snapshot();

    /**
     * All objects at exactly that revision: from the retained window, else from the store.
     *
     * @throws io.jollyboat.errors.ApiException 410 when the store has compacted it, 504 when it is still to come
     */
    CacheView snapshotAt(long revision);

    /** The entries of an index at the newest revision, in no order. */
    List<Entry> byIndex(String index, String value);

    /** Completes when the cache has reached the revision; fails with ApiException 504 as upstream words it. */
    CompletableFuture<Void> awaitRevision(long revision, Duration timeout);

    /**
     * Completes when the cache holds every write that was acknowledged before the call, by any API server: what makes a
     * following read linearizable. Concurrent callers share one question to the store.
     */
    CompletableFuture<Void> awaitCurrent();

    /**
     * Starts a watch with the first event after the revision.
     *
     * @throws io.jollyboat.errors.ApiException 410 when that is too long ago
     */
    CacheWatch watch(long sinceRevision, WatchScope scope);

    /**
     * Starts a watch with the current objects as ADDED events; then INITIAL_EVENTS_END where asked for; then what
     * happens after. Wait for the revision wanted before the call.
     */
    CacheWatch watchFromNow(WatchScope scope, boolean initialEventsEnd);
}
