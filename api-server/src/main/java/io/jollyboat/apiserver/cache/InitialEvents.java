package io.jollyboat.apiserver.cache;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** The state a watch begins with, page by page, then the mark that ends it. */
final class InitialEvents implements Iterator<CacheEvent> {
    private static final int PAGE = 512;

    private final CacheView view;
    private final WatchScope scope;
    private Iterator<Entry> page = List.<Entry>of().iterator();
    private String nextKey = "";
    private boolean drained;
    private boolean markPending;

    InitialEvents(CacheView view, WatchScope scope, boolean mark) {
        this.view = view;
        this.scope = scope;
        this.markPending = mark;
    }

    @Override
    public boolean hasNext() {
        while (!page.hasNext() && !drained) {
            CacheView.Page following = view.page(scope.namespace(), nextKey, PAGE, scope::matches);
            page = following.entries().iterator();
            nextKey = following.nextKey();
            drained = nextKey.isEmpty();
        }
        return page.hasNext() || markPending;
    }

    @Override
    public CacheEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (page.hasNext()) {
            Entry entry = page.next();
            return new CacheEvent(CacheEvent.Type.ADDED, entry, entry.revision());
        }
        markPending = false;
        return new CacheEvent(CacheEvent.Type.INITIAL_EVENTS_END, null, view.revision());
    }
}
