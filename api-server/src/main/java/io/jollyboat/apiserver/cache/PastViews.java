package io.jollyboat.apiserver.cache;

import java.util.ArrayDeque;
import java.util.Deque;

/** The past revisions asked for lately: a list in pages asks for one again and again. Guarded by the cache's lock. */
final class PastViews {
    private static final int KEPT = 8;

    private final Deque<CacheView> views = new ArrayDeque<>();

    CacheView get(long revision) {
        for (CacheView view : views) {
            if (view.revision() == revision) {
                return view;
            }
        }
        return null;
    }

    void put(CacheView view) {
        if (views.size() == KEPT) {
            views.removeFirst();
        }
        views.addLast(view);
    }

    void forgetBefore(long revision) {
        views.removeIf(view -> view.revision() < revision);
    }

    void clear() {
        views.clear();
    }
}
