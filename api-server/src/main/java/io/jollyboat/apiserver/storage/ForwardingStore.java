package io.jollyboat.apiserver.storage;

import com.google.protobuf.ByteString;
import java.util.concurrent.CompletableFuture;

/** Does what another store does, but for what its subclass says. */
public abstract class ForwardingStore implements KeyValueStore {
    protected final KeyValueStore store;

    protected ForwardingStore(KeyValueStore store) {
        this.store = store;
    }

    @Override
    public CompletableFuture<RangeResult> range(RangeRequest request) {
        return store.range(request);
    }

    @Override
    public CompletableFuture<WriteResult> put(
            ByteString key, ByteString value, long expectedModRevision, long leaseId) {
        return store.put(key, value, expectedModRevision, leaseId);
    }

    @Override
    public CompletableFuture<WriteResult> delete(ByteString key, long expectedModRevision) {
        return store.delete(key, expectedModRevision);
    }

    @Override
    public Watch watch(ByteString prefix, long startRevision, WatchListener listener) {
        return store.watch(prefix, startRevision, listener);
    }

    @Override
    public CompletableFuture<Long> currentRevision() {
        return store.currentRevision();
    }

    @Override
    public CompletableFuture<Long> grantLease(long ttlSeconds) {
        return store.grantLease(ttlSeconds);
    }

    @Override
    public CompletableFuture<Boolean> isStale(ByteString key) {
        return store.isStale(key);
    }

    @Override
    public CompletableFuture<Void> compact(long revision) {
        return store.compact(revision);
    }

    @Override
    public void close() {
        store.close();
    }
}
