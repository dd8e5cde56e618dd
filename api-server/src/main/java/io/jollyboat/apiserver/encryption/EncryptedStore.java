package io.jollyboat.apiserver.encryption;

import com.google.protobuf.ByteString;
import io.jollyboat.apiserver.storage.ForwardingStore;
import io.jollyboat.apiserver.storage.KeyValue;
import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.apiserver.storage.RangeRequest;
import io.jollyboat.apiserver.storage.RangeResult;
import io.jollyboat.apiserver.storage.StoreEvent;
import io.jollyboat.apiserver.storage.StoreException;
import io.jollyboat.apiserver.storage.WatchListener;
import io.jollyboat.apiserver.storage.WriteResult;
import io.jollyboat.runtime.Runtime;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A store whose values are encrypted on their way in and decrypted on their way out. */
public final class EncryptedStore extends ForwardingStore {
    private final Encryption encryption;
    private final Runtime runtime;

    /** @param store stays the caller's to close */
    public EncryptedStore(KeyValueStore store, Encryption encryption, Runtime runtime) {
        super(store);
        this.encryption = encryption;
        this.runtime = runtime;
    }

    /** The store's own threads do not wait for others. */
    private <A, B> CompletableFuture<B> then(CompletableFuture<A> stored, Function<A, B> open) {
        return encryption.mayBlock()
                ? stored.thenApplyAsync(open, task -> runtime.start("decryption", task))
                : stored.thenApply(open);
    }

    private KeyValue opened(KeyValue stored) {
        if (stored == null || stored.value() == null || stored.value().isEmpty()) {
            return stored;
        }
        ByteString plain = encryption.open(stored.key(), stored.value());
        return plain.equals(stored.value())
                ? stored
                : new KeyValue(stored.key(), plain, stored.createRevision(), stored.modRevision(), stored.leaseId());
    }

    @Override
    public CompletableFuture<RangeResult> range(RangeRequest request) {
        return then(
                store.range(request),
                result -> new RangeResult(
                        result.entries().stream().map(this::opened).toList(),
                        result.more(),
                        result.count(),
                        result.revision()));
    }

    @Override
    public CompletableFuture<WriteResult> put(
            ByteString key, ByteString value, long expectedModRevision, long leaseId) {
        return then(store.put(key, encryption.seal(key, value), expectedModRevision, leaseId), this::opened);
    }

    @Override
    public CompletableFuture<WriteResult> delete(ByteString key, long expectedModRevision) {
        return then(store.delete(key, expectedModRevision), this::opened);
    }

    private WriteResult opened(WriteResult result) {
        return switch (result) {
            case WriteResult.Written written -> written;
            case WriteResult.Conflict conflict ->
                new WriteResult.Conflict(conflict.revision(), opened(conflict.current()));
        };
    }

    @Override
    public CompletableFuture<Boolean> isStale(ByteString key) {
        if (!encryption.isAbout(key)) {
            return CompletableFuture.completedFuture(false);
        }
        return store.range(RangeRequest.key(key))
                .thenApply(found -> !found.entries().isEmpty()
                        && encryption.isStale(key, found.entries().getFirst().value()));
    }

    @Override
    public Watch watch(ByteString prefix, long startRevision, WatchListener listener) {
        return store.watch(prefix, startRevision, new WatchListener() {
            @Override
            public void onEvents(List<StoreEvent> events) {
                listener.onEvents(
                        events.stream().map(EncryptedStore.this::opened).toList());
            }

            @Override
            public void onEnd(StoreException reason) {
                listener.onEnd(reason);
            }
        });
    }

    private StoreEvent opened(StoreEvent event) {
        return switch (event) {
            case StoreEvent.Put put -> new StoreEvent.Put(opened(put.entry()));
            case StoreEvent.Delete delete -> delete;
        };
    }

    @Override
    public void close() {
        // The store below is its owner's.
    }
}
