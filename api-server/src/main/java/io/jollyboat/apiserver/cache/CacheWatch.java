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

    /** Ends the watch; events not yet taken are dropped, a waiting reader returns. */
    @Override
    void close();
}
