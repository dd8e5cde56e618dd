package io.jollyboat.apiserver.cache;

import com.google.protobuf.ByteString;
import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.apiserver.storage.StorageKeys;
import io.jollyboat.apiserver.storage.WriteResult;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

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
    private final LongConsumer compacted;
    /** The key's revision when this server last saw it changed; 0 while it is absent. */
    private long seen;
    /** The store's revision then. */
    private long revisionThen;

    private volatile Runtime.Timer next;
    private volatile boolean closed;

    /** @param compacted told the revision before which the store has forgotten everything, whichever server had it do so */
    Compactor(KeyValueStore store, Runtime runtime, LongConsumer compacted) {
        this.store = store;
        this.runtime = runtime;
        this.compacted = compacted;
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
                    yield target == 0
                            ? CompletableFuture.completedFuture(null)
                            : store.compact(target).thenRun(() -> compacted.accept(target));
                }
                case WriteResult.Conflict conflict -> {
                    seen = conflict.current() == null ? 0 : conflict.current().modRevision();
                    if (conflict.current() != null) {
                        compacted.accept(revisionIn(conflict.current().value()));
                    }
                    yield CompletableFuture.completedFuture(null);
                }
            };
        });
    }

    private static long revisionIn(ByteString value) {
        String text = value.toStringUtf8();
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }
}
