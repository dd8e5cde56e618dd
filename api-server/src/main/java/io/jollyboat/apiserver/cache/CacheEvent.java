package io.jollyboat.apiserver.cache;

/**
 * What a watch delivers.
 *
 * @param entry the object after the change; for DELETED the last state with the revision of the deletion; null for the
 *     bookmarks
 * @param revision at which the watch stands once this event has been handled
 */
public record CacheEvent(Type type, Entry entry, long revision) {
    /** Upstream's event types; a bookmark that ends the initial events is told from the others. */
    public enum Type {
        ADDED,
        MODIFIED,
        DELETED,
        BOOKMARK,
        INITIAL_EVENTS_END
    }
}
