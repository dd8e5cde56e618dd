package io.jollyboat.apiserver.cache;

import java.util.List;

/**
 * A running watch: a bounded queue that one thread drains. It never skips an event: a reader that falls too far behind
 * finds the watch ended, and resumes from the last revision it saw.
 */
public interface CacheWatch extends AutoCloseable {
    /**
     * Waits for events and takes all there are. An empty list means that the watch has ended: closed by either side, or
     * because the reader was too slow.
     *
     * @throws io.jollyboat.errors.ApiException 410 when the cache cannot go on from where the watch stands
     */
    List<CacheEvent> take() throws InterruptedException;

    /** Whether something precedes what happens from now on: the next {@link #take} does not wait. For the reader. */
    boolean hasBacklog();

    /**
     * For a reader that must not wait, once there is no backlog: {@link #poll} takes the place of {@link #take}.
     *
     * @param ready run when there are events or the watch has ended, by whoever brought it about, perhaps once more than
     *     needed; only hands over
     */
    void onReady(Runnable ready);

    /**
     * Takes all events there are, without waiting.
     *
     * @throws io.jollyboat.errors.ApiException as {@link #take}
     */
    List<CacheEvent> poll();

    boolean hasEnded();

    /** Sends a bookmark now, ahead of its time, if the watch wants any: before it ends, so that the next one begins late. */
    void bookmark();

    /** Ends the watch; events not yet taken are dropped, a waiting reader returns. */
    @Override
    void close();
}
