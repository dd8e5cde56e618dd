package io.jollyboat.apiserver.cache;

import io.jollyboat.errors.ApiException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** A watch: first a backlog, taken in portions, then what the cache offers. */
final class QueuedWatch implements CacheWatch {
    /** Events are shared, so a place in the queue costs little; who is so far behind will not catch up. */
    static final int CAPACITY = 8_192;

    /** Of objects that may be kept for this watch alone. */
    static final long CAPACITY_BYTES = 64L << 20;

    private static final int PORTION = 512;

    private final WatchScope scope;
    private final long since;
    private final Iterator<CacheEvent> backlog;
    private final Keeper keeper;
    private List<CacheEvent> queue = new ArrayList<>();
    private long queuedBytes;
    private boolean ended;
    private ApiException failure;
    private Runnable ready = () -> {};

    /** When the next bookmark is due; used by {@link Watches} alone. */
    long bookmarkNanos;

    /** The cache that feeds the watch. */
    interface Keeper {
        /** Told once. */
        void ended(QueuedWatch watch, boolean tooSlow);

        /** Offers a bookmark. */
        void bookmark(QueuedWatch watch);
    }

    /**
     * @param since a watch may begin in the future, and sees nothing until then
     * @param backlog what precedes all that is offered; drawn by the reader
     */
    QueuedWatch(WatchScope scope, long since, Iterator<CacheEvent> backlog, Keeper keeper) {
        this.since = since;
        this.scope = scope;
        this.backlog = backlog;
        this.keeper = keeper;
    }

    WatchScope scope() {
        return scope;
    }

    @Override
    public List<CacheEvent> take() throws InterruptedException {
        List<CacheEvent> portion = new ArrayList<>();
        while (portion.size() < PORTION && backlog.hasNext()) {
            portion.add(backlog.next());
        }
        if (!portion.isEmpty()) {
            return hasEnded() ? List.of() : portion;
        }
        synchronized (this) {
            while (queue.isEmpty() && !ended) {
                wait();
            }
            return poll();
        }
    }

    @Override
    public boolean hasBacklog() {
        return backlog.hasNext();
    }

    @Override
    public void onReady(Runnable task) {
        synchronized (this) {
            ready = task;
        }
        // For what came before.
        task.run();
    }

    @Override
    public synchronized List<CacheEvent> poll() {
        if (failure != null) {
            throw failure;
        }
        if (queue.isEmpty()) {
            return List.of();
        }
        List<CacheEvent> taken = queue;
        queue = new ArrayList<>();
        queuedBytes = 0;
        return taken;
    }

    /** Called by the cache, with its lock held, in the order of revisions. */
    void offer(CacheEvent event) {
        synchronized (this) {
            if (ended || event.revision() <= since) {
                return;
            }
            if (queue.size() < CAPACITY && queuedBytes < CAPACITY_BYTES) {
                queue.add(event);
                queuedBytes += event.entry() == null ? 0 : event.entry().body().size();
                if (queue.size() == 1) {
                    notifyAll();
                    ready.run();
                }
                return;
            }
        }
        end(null, true);
    }

    /** @param reason null when the reader may simply watch again */
    void end(ApiException reason) {
        end(reason, false);
    }

    private void end(ApiException reason, boolean tooSlow) {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            failure = reason;
            queue = new ArrayList<>();
            notifyAll();
            ready.run();
        }
        keeper.ended(this, tooSlow);
    }

    @Override
    public synchronized boolean hasEnded() {
        return ended;
    }

    @Override
    public void bookmark() {
        keeper.bookmark(this);
    }

    @Override
    public void close() {
        end(null);
    }
}
