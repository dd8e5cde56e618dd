package io.jollyboat.apiserver.cache;

import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Leases for objects with a time to live. One lease serves all objects of the next minute or so, at most a thousand, as
 * upstream's: granting one costs as much as a write. An object lives a little longer for it.
 */
final class LeasePool {
    private static final long MAX_EXTRA_SECONDS = 60;
    private static final int MAX_OBJECTS = 1_000;

    private final KeyValueStore store;
    private final Runtime runtime;
    private CompletableFuture<Long> lease;
    private long expiresNanos;
    private int objects;

    LeasePool(KeyValueStore store, Runtime runtime) {
        this.store = store;
        this.runtime = runtime;
    }

    /** A lease that runs for at least so long, and hardly longer; 0 for none. */
    CompletableFuture<Long> lease(long ttlSeconds) {
        if (ttlSeconds == 0) {
            return CompletableFuture.completedFuture(0L);
        }
        long extraSeconds = Math.min(MAX_EXTRA_SECONDS, ttlSeconds / 20);
        synchronized (this) {
            long left = expiresNanos - runtime.nanoTime();
            boolean fits = lease != null
                    && !lease.isCompletedExceptionally()
                    && left >= Duration.ofSeconds(ttlSeconds).toNanos()
                    && left <= Duration.ofSeconds(ttlSeconds + extraSeconds).toNanos()
                    && objects < MAX_OBJECTS;
            if (!fits) {
                // Counted from before the grant: etcd's clock for it starts later.
                expiresNanos = runtime.nanoTime()
                        + Duration.ofSeconds(ttlSeconds + extraSeconds).toNanos();
                lease = store.grantLease(ttlSeconds + extraSeconds);
                objects = 0;
            }
            objects++;
            return lease;
        }
    }

    /** The store does not know the lease any more. */
    synchronized void forget() {
        lease = null;
    }
}
