package io.jollyboat.apiserver.storage;

import com.google.protobuf.ByteString;
import java.util.concurrent.CompletableFuture;

/**
 * etcd's model as a small interface: multi-version keys under one revision counter. Calls return at once and are
 * pipelined; the order in which concurrent calls take effect is undefined. Futures fail with {@link StoreException} and
 * complete on the store's own threads: dependent stages must not block.
 */
public interface KeyValueStore extends AutoCloseable {
    /** Reads are linearizable unless a past revision is asked for. */
    CompletableFuture<RangeResult> range(RangeRequest request);

    /**
     * Writes if the key's modRevision still is {@code expectedModRevision}; 0 means the key must not exist.
     *
     * @param leaseId 0 for none
     */
    CompletableFuture<WriteResult> put(ByteString key, ByteString value, long expectedModRevision, long leaseId);

    /** Deletes if the key's modRevision still is {@code expectedModRevision}, which is never 0. */
    CompletableFuture<WriteResult> delete(ByteString key, long expectedModRevision);

    /**
     * Delivers every change under the prefix with a revision of at least {@code startRevision}, in revision order,
     * each once, and all changes of one revision in one batch. The watch outlives lost connections.
     *
     * @param prefix empty for all keys
     * @param startRevision at least 1
     */
    Watch watch(ByteString prefix, long startRevision, WatchListener listener);

    /** The store's revision now, linearizable: no write that was acknowledged before the call is above it. */
    CompletableFuture<Long> currentRevision();

    /** Grants a lease that is never renewed: its keys are deleted when it runs out. */
    CompletableFuture<Long> grantLease(long ttlSeconds);

    /** Whether the key's value should be written anew though nothing in it changes, as after a change of keys. */
    default CompletableFuture<Boolean> isStale(ByteString key) {
        return CompletableFuture.completedFuture(false);
    }

    /** Forgets what was overwritten or deleted at or before the revision. */
    CompletableFuture<Void> compact(long revision);

    @Override
    void close();

    /** A running watch. */
    interface Watch extends AutoCloseable {
        /** No delivery begins after this returns; one may still be running. */
        @Override
        void close();
    }
}
