package io.jollyboat.apiserver.cache;

import com.google.protobuf.ByteString;
import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.apiserver.storage.StorageKeys;
import io.jollyboat.apiserver.storage.WriteResult;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Has the store forget what is older than five to ten minutes. All API servers, upstream's too, share one key: who
 * changes it compacts to the revision that was current when it was changed before; the others learn that one was faster.
 */
final class Compactor {
    static final Duration INTERVAL = Duration.ofMinutes(5);

    private static final Log LOG = Log.of(Compactor.class);
    private static final ByteString KEY = ByteString.copyFromUtf8(StorageKeys.COMPACTION);

    private final KeyValueStore store;
    private final Runtime runtime;
    /** The key's revision when this server last saw it changed; 0 while it is absent. */
    private long seen;
    /** The store's revision then. */
    private long revisionThen;

    private volatile Runtime.Timer next;
    private volatile boolean closed;

    Compactor(KeyValueStore store, Runtime runtime) {
        this.store = store;
        this.runtime = runtime;
    }

    void start() {
        next = runtime.schedule(INTERVAL, () -> {
            if (!closed) {
                var _ = compact().whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.warn(
                                "compaction failed",
                                "reason",
                                CacheErrors.unwrap(failure).getMessage());
                    }
                });
                start();
            }
        });
    }

    void close() {
        closed = true;
        if (next != null) {
            next.cancel();
        }
    }

    /** One round, as every API server has it every five minutes. */
    CompletableFuture<Void> compact() {
        long target = revisionThen;
        ByteString value = ByteString.copyFromUtf8(Long.toString(target));
        return store.put(KEY, value, seen, 0).thenCompose(result -> {
            revisionThen = result.revision();
            return switch (result) {
                case WriteResult.Written written -> {
                    seen = written.revision();
                    yield target == 0 ? CompletableFuture.completedFuture(null) : store.compact(target);
                }
                case WriteResult.Conflict conflict -> {
                    seen = conflict.current() == null ? 0 : conflict.current().modRevision();
                    yield CompletableFuture.completedFuture(null);
                }
            };
        });
    }
}
