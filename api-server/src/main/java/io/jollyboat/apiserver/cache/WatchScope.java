package io.jollyboat.apiserver.cache;

import java.util.function.Predicate;

/**
 * What a watch is about. An object that begins to match is ADDED, one that ceases to match is DELETED.
 *
 * @param namespace empty for all
 * @param name of the one object, empty for all
 * @param indexName of the index that routes events to the watch, empty for none; an optimisation, the filter decides
 * @param indexValue the value in that index
 * @param filter the label and field selectors
 * @param bookmarks whether the watch wants bookmarks
 */
public record WatchScope(
        String namespace,
        String name,
        String indexName,
        String indexValue,
        Predicate<Entry> filter,
        boolean bookmarks) {
    public static WatchScope all() {
        return new WatchScope("", "", "", "", entry -> true, true);
    }

    boolean matches(Entry entry) {
        return (namespace.isEmpty() || namespace.equals(entry.namespace()))
                && (name.isEmpty() || name.equals(entry.name()))
                && filter.test(entry);
    }
}
