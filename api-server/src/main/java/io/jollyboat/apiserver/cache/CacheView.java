package io.jollyboat.apiserver.cache;

import java.util.List;
import java.util.function.Predicate;

/** All objects of a resource at one revision. Immutable. Order is that of etcd's keys. */
public interface CacheView {
    /** The list's resourceVersion. */
    long revision();

    /** Null when there is none. */
    Entry get(String key);

    /** All, or those of a namespace where it is not empty. */
    default List<Entry> list(String namespace) {
        return page(namespace, "", 0, entry -> true).entries();
    }

    /**
     * One page.
     *
     * @param namespace empty for all
     * @param startKey the first key to look at, empty for the first of all; a continue token holds it
     * @param limit of entries that pass the filter; 0 for none
     */
    Page page(String namespace, String startKey, int limit, Predicate<Entry> filter);

    /**
     * @param nextKey where the next page starts, empty when this is the last
     * @param remaining keys from {@code nextKey} on, filtered or not
     */
    record Page(List<Entry> entries, String nextKey, long remaining) {}
}
