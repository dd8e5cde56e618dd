package io.jollyboat.apiserver.cache;

/** One change of one object, shared by all watches, with the shapes in which they see it. */
final class Change {
    private final Entry before;
    private final Entry after;
    private final long revision;
    private CacheEvent added;
    private CacheEvent modified;
    private CacheEvent deleted;

    /**
     * @param before null if the object is new
     * @param after null if it was deleted
     */
    Change(Entry before, Entry after, long revision) {
        this.before = before;
        this.after = after;
        this.revision = revision;
    }

    Entry before() {
        return before;
    }

    Entry after() {
        return after;
    }

    long revision() {
        return revision;
    }

    /** The state that names the object. */
    Entry either() {
        return after != null ? after : before;
    }

    /** What a watch with that scope sees; null if nothing. */
    CacheEvent seenBy(WatchScope scope) {
        boolean matched = before != null && scope.matches(before);
        if (after != null && scope.matches(after)) {
            return matched ? modified() : added();
        }
        return matched ? deleted() : null;
    }

    private synchronized CacheEvent added() {
        if (added == null) {
            added = new CacheEvent(CacheEvent.Type.ADDED, after, revision);
        }
        return added;
    }

    private synchronized CacheEvent modified() {
        if (modified == null) {
            modified = new CacheEvent(CacheEvent.Type.MODIFIED, after, revision);
        }
        return modified;
    }

    /** Upstream shows the last state that matched, at the revision of the change. */
    private synchronized CacheEvent deleted() {
        if (deleted == null) {
            deleted = new CacheEvent(CacheEvent.Type.DELETED, before.at(revision), revision);
        }
        return deleted;
    }
}
