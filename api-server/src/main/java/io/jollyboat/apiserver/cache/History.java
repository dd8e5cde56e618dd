package io.jollyboat.apiserver.cache;

import java.util.List;

/** What a cache knows of the time before its newest state. Guarded by the cache's lock. */
final class History {
    private final PastViews views = new PastViews();
    private Window changes = new Window(0);

    /** The store has nothing from before this revision. */
    private long compacted;

    /** Changes after this revision are known, all of them. */
    long startsAfter() {
        return changes.startsAfter();
    }

    /** What happened after the revision, which is not before {@link #startsAfter}. */
    List<Change> since(long revision) {
        return changes.since(revision);
    }

    /** @param now by the clock that only goes on */
    void add(Change change, long now) {
        changes.add(change, now);
    }

    /** Nothing is known of what was before the revision. */
    void restart(long revision) {
        changes = new Window(revision);
        views.clear();
    }

    /** Whether the state at the revision can be had from the newest by undoing what came {@link #since}. */
    boolean reaches(long revision) {
        return revision >= compacted && revision >= changes.startsAfter();
    }

    /** The newest state without these changes. */
    static SortedTree undone(SortedTree newest, List<Change> changes) {
        SortedTree tree = newest;
        for (Change change : changes.reversed()) {
            tree = change.before() == null
                    ? SortedTree.remove(tree, change.after().key())
                    : SortedTree.put(tree, change.before());
        }
        return tree;
    }

    /** The state at the revision if somebody asked for it lately, else null. */
    CacheView view(long revision) {
        return views.get(revision);
    }

    /** Somebody may ask for it again. */
    void keep(CacheView view) {
        views.put(view);
    }

    /** The store has forgotten all before the revision, so nobody is to see it any more. */
    void compacted(long revision) {
        compacted = Math.max(compacted, revision);
        views.forgetBefore(compacted);
    }
}
