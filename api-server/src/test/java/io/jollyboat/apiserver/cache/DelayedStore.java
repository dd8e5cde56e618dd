package io.jollyboat.apiserver.cache;

import com.google.protobuf.ByteString;
import io.jollyboat.apiserver.storage.ForwardingStore;
import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.apiserver.storage.RangeRequest;
import io.jollyboat.apiserver.storage.RangeResult;
import io.jollyboat.apiserver.storage.StoreEvent;
import io.jollyboat.apiserver.storage.StoreException;
import io.jollyboat.apiserver.storage.WatchListener;
import io.jollyboat.apiserver.storage.WriteResult;
import io.jollyboat.runtime.SystemRuntime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A store that misbehaves on request: holds its watches back, or breaks them, or does not answer. */
final class DelayedStore extends ForwardingStore {
    private final List<Runnable> heldBack = new ArrayList<>();
    private final List<WatchListener> listeners = new ArrayList<>();
    private final List<Watch> watches = new ArrayList<>();
    private boolean holding;
    private volatile boolean asked;
    private volatile StoreException failure;
    private volatile int lostOneOf;
    private final Deque<CompletableFuture<Long>> probes = new ArrayDeque<>();
    private boolean holdingProbes;

    DelayedStore(KeyValueStore store) {
        super(store);
    }

    /** From now on events are kept. */
    synchronized void hold() {
        holding = true;
        asked = false;
    }

    synchronized void release() {
        holding = false;
        heldBack.forEach(Runnable::run);
        heldBack.clear();
    }

    /** Whether the revision was asked for since {@link #hold}. */
    boolean asked() {
        return asked;
    }

    /** From now on questions for the revision are kept. */
    synchronized void holdProbes() {
        holdingProbes = true;
    }

    synchronized int heldProbes() {
        return probes.size();
    }

    void answerProbe() {
        CompletableFuture<Long> oldest;
        synchronized (this) {
            oldest = probes.remove();
        }
        oldest.complete(store.currentRevision().join());
    }

    /** Null for none. */
    void fail(StoreException with) {
        failure = with;
    }

    /** Ends all watches as a compaction does; what is held back is lost. */
    void breakWatches() {
        List<WatchListener> broken;
        synchronized (this) {
            watches.forEach(Watch::close);
            watches.clear();
            heldBack.clear();
            broken = List.copyOf(listeners);
            listeners.clear();
        }
        broken.forEach(listener -> listener.onEnd(new StoreException(
                StoreException.Kind.COMPACTED, "etcdserver: mvcc: required revision has been compacted")));
    }

    @Override
    public CompletableFuture<RangeResult> range(RangeRequest request) {
        return failure != null ? CompletableFuture.failedFuture(failure) : store.range(request);
    }

    /** Of so many writes one happens, or not, without an answer; 0 for none. */
    void loseAnswers(int oneOf) {
        lostOneOf = oneOf;
    }

    private CompletableFuture<WriteResult> write(Supplier<CompletableFuture<WriteResult>> call) {
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        int dice = lostOneOf == 0 ? -1 : SystemRuntime.instance().random().nextInt(2 * lostOneOf);
        CompletableFuture<WriteResult> done = dice == 0 ? null : call.get();
        return dice == 0 || dice == 1
                ? CompletableFuture.failedFuture(
                        new StoreException(StoreException.Kind.OUTCOME_UNKNOWN, "etcdserver: request timed out"))
                : done;
    }

    @Override
    public CompletableFuture<WriteResult> put(
            ByteString key, ByteString value, long expectedModRevision, long leaseId) {
        return write(() -> store.put(key, value, expectedModRevision, leaseId));
    }

    @Override
    public CompletableFuture<WriteResult> delete(ByteString key, long expectedModRevision) {
        return write(() -> store.delete(key, expectedModRevision));
    }

    @Override
    public Watch watch(ByteString prefix, long startRevision, WatchListener listener) {
        Watch watch = store.watch(prefix, startRevision, new WatchListener() {
            @Override
            public void onEvents(List<StoreEvent> events) {
                synchronized (DelayedStore.this) {
                    if (holding) {
                        heldBack.add(() -> listener.onEvents(events));
                        return;
                    }
                }
                listener.onEvents(events);
            }

            @Override
            public void onEnd(StoreException reason) {
                listener.onEnd(reason);
            }
        });
        synchronized (this) {
            watches.add(watch);
            listeners.add(listener);
        }
        return watch;
    }

    @Override
    public CompletableFuture<Long> currentRevision() {
        asked = true;
        synchronized (this) {
            if (holdingProbes) {
                CompletableFuture<Long> held = new CompletableFuture<>();
                probes.add(held);
                return held;
            }
        }
        return failure != null ? CompletableFuture.failedFuture(failure) : store.currentRevision();
    }
}
