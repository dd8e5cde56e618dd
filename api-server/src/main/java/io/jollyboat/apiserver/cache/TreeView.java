package io.jollyboat.apiserver.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A version of the cache's tree. */
record TreeView(long revision, SortedTree tree) implements CacheView {
    @Override
    public Entry get(String key) {
        return SortedTree.get(tree, key);
    }

    @Override
    public Page page(String namespace, String startKey, int limit, Predicate<Entry> filter) {
        String prefix = namespace.isEmpty() ? "" : namespace + "/";
        String from = startKey.compareTo(prefix) > 0 ? startKey : prefix;
        List<Entry> entries = new ArrayList<>();
        String[] next = {""};
        SortedTree.visit(tree, from, entry -> {
            if (!entry.key().startsWith(prefix)) {
                return false;
            }
            if (!filter.test(entry)) {
                return true;
            }
            if (limit > 0 && entries.size() == limit) {
                next[0] = entry.key();
                return false;
            }
            entries.add(entry);
            return true;
        });
        return new Page(entries, next[0], next[0].isEmpty() ? 0 : count(prefix) - SortedTree.rank(tree, next[0]));
    }

    /** The rank after the last key with the prefix. */
    private int count(String prefix) {
        // '0' follows '/' in the alphabet.
        return prefix.isEmpty()
                ? SortedTree.size(tree)
                : SortedTree.rank(tree, prefix.substring(0, prefix.length() - 1) + "0");
    }
}
