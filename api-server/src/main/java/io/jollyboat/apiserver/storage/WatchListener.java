package io.jollyboat.apiserver.storage;

import java.util.List;

/** Receives a watch. Calls come one at a time, on the store's threads, and must not block. */
public interface WatchListener {
    /** In revision order; a batch never splits a revision. */
    void onEvents(List<StoreEvent> events);

    /**
     * The watch is over: what it should deliver next was compacted away, or it cannot be resumed. List, then watch
     * anew.
     */
    void onEnd(StoreException reason);
}
