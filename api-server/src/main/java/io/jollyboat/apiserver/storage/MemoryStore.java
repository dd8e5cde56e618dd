package io.jollyboat.apiserver.storage;

import com.google.protobuf.ByteString;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The store in memory, with all of etcd's revisions. Calls take effect at once, on the caller's thread; so does the
 * delivery to watches, unless another caller is just delivering, who then delivers this change too.
 */
public final class MemoryStore implements KeyValueStore {
    private final Runtime runtime;
    private final History history = new History();
    private final Map<Long, Set<ByteString>> leases = new HashMap<>();
    private final List<MemoryWatch> watches = new ArrayList<>();
    private final ConcurrentLinkedQueue<Runnable> deliveries = new ConcurrentLinkedQueue<>();
    private final AtomicInteger undelivered = new AtomicInteger();
    private long lastLease;
    private boolean closed;

    public MemoryStore(Runtime runtime) {
        this.runtime = runtime;
    }

    @Override
    public CompletableFuture<RangeResult> range(RangeRequest request) {
        return answer(() -> history.range(request));
    }

    @Override
    public CompletableFuture<WriteResult> put(
            ByteString key, ByteString value, long expectedModRevision, long leaseId) {
        return answer(() -> {
            KeyValue current = history.current(key);
            if ((current == null ? 0 : current.modRevision()) != expectedModRevision) {
                return new WriteResult.Conflict(history.revision(), current);
            }
            if (leaseId != 0 && !leases.containsKey(leaseId)) {
                throw new StoreException(StoreException.Kind.REFUSED, "etcdserver: requested lease not found");
            }
            detach(current);
            long revision = history.revision() + 1;
            long created = current == null ? revision : current.createRevision();
            KeyValue entry = new KeyValue(key, value, created, revision, leaseId);
            if (leaseId != 0) {
                leases.get(leaseId).add(key);
            }
            commit(List.of(new StoreEvent.Put(entry)));
            return new WriteResult.Written(revision);
        });
    }

    @Override
    public CompletableFuture<WriteResult> delete(ByteString key, long expectedModRevision) {
        return answer(() -> {
            KeyValue current = history.current(key);
            if (current == null || current.modRevision() != expectedModRevision) {
                return new WriteResult.Conflict(history.revision(), current);
            }
            detach(current);
            long revision = history.revision() + 1;
            commit(List.of(new StoreEvent.Delete(key, revision)));
            return new WriteResult.Written(revision);
        });
    }

    @Override
    public Watch watch(ByteString prefix, long startRevision, WatchListener listener) {
        MemoryWatch watch = new MemoryWatch(prefix, listener);
        synchronized (this) {
            if (startRevision < history.compacted()) {
                deliver(() -> watch.end(compacted()));
            } else {
                for (List<StoreEvent> events : history.since(startRevision)) {
                    deliver(() -> watch.offer(events));
                }
                watch.from = startRevision;
                watches.add(watch);
            }
        }
        drain();
        return watch;
    }

    @Override
    public CompletableFuture<Long> currentRevision() {
        return answer(history::revision);
    }

    @Override
    public CompletableFuture<Long> grantLease(long ttlSeconds) {
        return answer(() -> {
            long id = ++lastLease;
            leases.put(id, new HashSet<>());
            runtime.schedule(Duration.ofSeconds(ttlSeconds), () -> expire(id));
            return id;
        });
    }

    @Override
    public CompletableFuture<Void> compact(long revision) {
        return answer(() -> {
            if (revision > history.revision()) {
                throw new StoreException(
                        StoreException.Kind.FUTURE_REVISION,
                        "etcdserver: mvcc: required revision is a future revision");
            }
            if (revision <= history.compacted()) {
                throw compacted();
            }
            history.compact(revision);
            return null;
        });
    }

    @Override
    public synchronized void close() {
        closed = true;
        watches.clear();
    }

    static StoreException compacted() {
        return new StoreException(
                StoreException.Kind.COMPACTED, "etcdserver: mvcc: required revision has been compacted");
    }

    private void expire(long lease) {
        var _ = answer(() -> {
            Collection<ByteString> keys = leases.remove(lease);
            if (keys != null && !keys.isEmpty()) {
                long revision = history.revision() + 1;
                commit(keys.stream()
                        .map(key -> (StoreEvent) new StoreEvent.Delete(key, revision))
                        .toList());
            }
            return null;
        });
    }

    private void detach(KeyValue entry) {
        if (entry != null && entry.leaseId() != 0 && leases.containsKey(entry.leaseId())) {
            leases.get(entry.leaseId()).remove(entry.key());
        }
    }

    /** Applies changes of one revision. */
    private void commit(List<StoreEvent> events) {
        history.append(events);
        for (MemoryWatch watch : watches) {
            deliver(() -> watch.offer(events));
        }
    }

    private <T> CompletableFuture<T> answer(Supplier<T> call) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        T value = null;
        StoreException failure = null;
        synchronized (this) {
            try {
                if (closed) {
                    throw new StoreException(StoreException.Kind.UNAVAILABLE, "the store is closed");
                }
                value = call.get();
            } catch (StoreException e) {
                failure = e;
            }
        }
        drain();
        if (failure != null) {
            answer.completeExceptionally(failure);
        } else {
            answer.complete(value);
        }
        return answer;
    }

    /** Called with the lock held, so that deliveries queue in the order of revisions. */
    private void deliver(Runnable delivery) {
        deliveries.add(delivery);
    }

    /** Runs what is queued without the lock; one thread at a time. */
    private void drain() {
        if (undelivered.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            for (Runnable next = deliveries.poll(); next != null; next = deliveries.poll()) {
                next.run();
            }
            seen = undelivered.addAndGet(-seen);
        } while (seen != 0);
    }

    private final class MemoryWatch implements Watch {
        private final ByteString prefix;
        private final WatchListener listener;
        private long from;
        private volatile boolean ended;

        private MemoryWatch(ByteString prefix, WatchListener listener) {
            this.prefix = prefix;
            this.listener = listener;
        }

        private void offer(List<StoreEvent> events) {
            if (ended || events.getFirst().revision() < from) {
                return;
            }
            List<StoreEvent> ours = prefix.isEmpty()
                    ? events
                    : events.stream().filter(e -> e.key().startsWith(prefix)).toList();
            if (!ours.isEmpty()) {
                listener.onEvents(ours);
            }
        }

        private void end(StoreException reason) {
            if (!ended) {
                ended = true;
                listener.onEnd(reason);
            }
        }

        @Override
        public void close() {
            ended = true;
            synchronized (MemoryStore.this) {
                watches.remove(this);
            }
        }
    }
}
