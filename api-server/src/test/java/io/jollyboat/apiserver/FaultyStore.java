package io.jollyboat.apiserver;

import com.google.protobuf.ByteString;
import io.jollyboat.apiserver.storage.ForwardingStore;
import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.apiserver.storage.StoreEvent;
import io.jollyboat.apiserver.storage.StoreException;
import io.jollyboat.apiserver.storage.StoreException.Kind;
import io.jollyboat.apiserver.storage.WatchListener;
import io.jollyboat.apiserver.storage.WriteResult;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A store that loses answers of writes, before they happen, after, or long before; tells of its revision late or not at
 * all; ends its watches as after a compaction; or, to try a test, writes twice or forgets what it was to keep apart.
 */
final class FaultyStore extends ForwardingStore {
    private static final int LATE_MILLIS = 60;

    private final Runtime runtime;
    private final Random random;
    private final Flaw flaw;
    private final Set<Runnable> enders = ConcurrentHashMap.newKeySet();
    private final AtomicInteger late = new AtomicInteger();
    private volatile boolean faulty;

    /** What no store may do, and a test must notice. */
    enum Flaw {
        NONE,
        WRITES_TWICE,
        /** Takes any version for the one that was asked for. */
        IGNORES_VERSIONS,
        /** Leaves out an event now and then. */
        LOSES_EVENTS
    }

    FaultyStore(KeyValueStore store, Runtime runtime, Random random, Flaw flaw) {
        super(store);
        this.runtime = runtime;
        this.random = random;
        this.flaw = flaw;
    }

    void start() {
        faulty = true;
    }

    /** Nothing that was lost comes about after this. */
    void stop() {
        faulty = false;
        org.awaitility.Awaitility.await().until(() -> late.get() == 0);
    }

    /** All watches end as after a compaction. */
    void endWatches() {
        enders.forEach(Runnable::run);
    }

    private int dice(int sides) {
        synchronized (random) {
            return random.nextInt(sides);
        }
    }

    private CompletableFuture<WriteResult> write(ByteString key, Supplier<CompletableFuture<WriteResult>> call) {
        if (!faulty || !key.toStringUtf8().startsWith(LinearRun.PREFIX)) {
            return call.get();
        }
        return switch (dice(16)) {
            case 0 -> lost(Kind.OUTCOME_UNKNOWN, "etcdserver: request timed out");
            case 1 -> call.get().thenCompose(done -> lost(Kind.OUTCOME_UNKNOWN, "etcdserver: leader changed"));
            case 2 -> {
                late.incrementAndGet();
                runtime.schedule(Duration.ofMillis(dice(LATE_MILLIS)), () -> {
                    var _ = call.get().whenComplete((done, failure) -> late.decrementAndGet());
                });
                yield lost(Kind.TIMED_OUT, "context deadline exceeded");
            }
            case 3 -> lost(Kind.UNAVAILABLE, "rpc error: code = Unavailable desc = connection refused");
            default -> call.get();
        };
    }

    private static <T> CompletableFuture<T> lost(Kind kind, String message) {
        return CompletableFuture.failedFuture(new StoreException(kind, message));
    }

    private long version(ByteString key, long expected) {
        if (flaw != Flaw.IGNORES_VERSIONS || !faulty || expected == 0) {
            return expected;
        }
        var entries = store.range(io.jollyboat.apiserver.storage.RangeRequest.key(key))
                .join()
                .entries();
        return entries.isEmpty() ? expected : entries.getFirst().modRevision();
    }

    @Override
    public CompletableFuture<WriteResult> put(
            ByteString key, ByteString value, long expectedModRevision, long leaseId) {
        return write(
                key,
                () -> store.put(key, value, version(key, expectedModRevision), leaseId)
                        .thenCompose(done ->
                                flaw == Flaw.WRITES_TWICE && faulty && done instanceof WriteResult.Written written
                                        ? store.put(key, value, written.revision(), leaseId)
                                        : CompletableFuture.completedFuture(done)));
    }

    @Override
    public CompletableFuture<WriteResult> delete(ByteString key, long expectedModRevision) {
        return write(key, () -> store.delete(key, version(key, expectedModRevision)));
    }

    @Override
    public CompletableFuture<Long> currentRevision() {
        return faulty && dice(40) == 0 ? lost(Kind.TIMED_OUT, "context deadline exceeded") : store.currentRevision();
    }

    @Override
    public Watch watch(ByteString prefix, long startRevision, WatchListener listener) {
        Ending ending = new Ending(listener);
        ending.watch = store.watch(prefix, startRevision, ending);
        enders.add(ending);
        return () -> {
            enders.remove(ending);
            ending.watch.close();
        };
    }

    /** A watch that can be ended. */
    private final class Ending implements WatchListener, Runnable {
        private final WatchListener listener;
        private volatile Watch watch;
        private boolean ended;

        Ending(WatchListener listener) {
            this.listener = listener;
        }

        @Override
        public synchronized void onEvents(List<StoreEvent> events) {
            if (ended) {
                return;
            }
            List<StoreEvent> told = flaw == Flaw.LOSES_EVENTS && faulty && dice(10) == 0
                    ? events.subList(0, events.size() - 1)
                    : events;
            if (!told.isEmpty()) {
                listener.onEvents(told);
            }
        }

        @Override
        public void onEnd(StoreException reason) {
            listener.onEnd(reason);
        }

        @Override
        public synchronized void run() {
            enders.remove(this);
            ended = true;
            watch.close();
            listener.onEnd(
                    new StoreException(Kind.COMPACTED, "etcdserver: mvcc: required revision has been compacted"));
        }
    }
}
