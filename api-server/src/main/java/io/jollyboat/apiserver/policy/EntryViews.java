package io.jollyboat.apiserver.policy;

import com.google.protobuf.Message;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ResourceCache;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What was made of each object of a cache, by name; made once per state of an object. Empty caches cost a comparison. */
final class EntryViews<V> {
    private final ResourceCache cache;
    private final Function<Message, V> read;
    private volatile Map<String, Made<V>> known = Map.of();

    private record Made<V>(Entry entry, V view) {}

    EntryViews(ResourceCache cache, Function<Message, V> read) {
        this.cache = cache;
        this.read = read;
    }

    boolean isEmpty() {
        return cache.size() == 0;
    }

    /** All, in the order of their names. */
    @SuppressWarnings("ReferenceEquality") // another state of an object is another entry
    List<V> all() {
        Map<String, Made<V>> before = known;
        Map<String, Made<V>> now = new HashMap<>();
        List<V> views = new ArrayList<>();
        boolean changed = false;
        for (Entry entry : cache.snapshot().list("")) {
            Made<V> made = before.get(entry.key());
            if (made == null || made.entry() != entry) {
                made = new Made<>(entry, read.apply(entry.object()));
                changed = true;
            }
            now.put(entry.key(), made);
            views.add(made.view());
        }
        if (changed || now.size() != before.size()) {
            known = now;
        }
        return views;
    }
}
