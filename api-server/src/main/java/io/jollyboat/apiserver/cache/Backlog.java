package io.jollyboat.apiserver.cache;

import java.util.Iterator;
import java.util.NoSuchElementException;

/** What a watch missed, as it sees it. */
final class Backlog implements Iterator<CacheEvent> {
    private final Iterator<Change> changes;
    private final WatchScope scope;
    private CacheEvent next;

    Backlog(Iterator<Change> changes, WatchScope scope) {
        this.changes = changes;
        this.scope = scope;
    }

    @Override
    public boolean hasNext() {
        while (next == null && changes.hasNext()) {
            next = changes.next().seenBy(scope);
        }
        return next != null;
    }

    @Override
    public CacheEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        CacheEvent event = next;
        next = null;
        return event;
    }
}
