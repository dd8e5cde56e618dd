package io.jollyboat.apiserver.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Entries by the values their resource indexes. One writer at a time; readers take no lock. */
final class EntryIndex {
    private final Map<String, Map<String, SortedTree>> indexes = new ConcurrentHashMap<>();

    List<Entry> get(String index, String value) {
        Map<String, SortedTree> byValue = indexes.get(index);
        List<Entry> found = new ArrayList<>();
        if (byValue != null) {
            SortedTree.forEach(byValue.get(value), found::add);
        }
        return found;
    }

    void fill(StoredResource resource, List<Entry> entries) {
        indexes.clear();
        resource.indexes().keySet().forEach(index -> indexes.put(index, new ConcurrentHashMap<>()));
        entries.forEach(entry -> change(null, entry));
    }

    void change(Entry before, Entry after) {
        indexes.forEach((index, byValue) -> {
            if (before != null) {
                for (String value : before.indexed(index)) {
                    if (after == null || !after.indexed(index).contains(value)) {
                        byValue.computeIfPresent(value, (v, tree) -> SortedTree.remove(tree, before.key()));
                    }
                }
            }
            if (after != null) {
                for (String value : after.indexed(index)) {
                    byValue.compute(value, (v, tree) -> SortedTree.put(tree, after));
                }
            }
        });
    }
}
