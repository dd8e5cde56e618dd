package io.jollyboat.apiserver.cache;

/**
 * What a cache holds at one moment.
 *
 * @param revision the last change of this resource, or where a frozen cache stopped; 0 before it was filled
 * @param live whether changes up to the feed's revision are in the tree
 */
record CacheState(SortedTree tree, long revision, boolean live) {
    static final CacheState EMPTY = new CacheState(null, 0, false);

    /** @param fed the feed's revision, asked for before the state was */
    long standing(long fed) {
        return live ? Math.max(fed, revision) : revision;
    }
}
