package io.jollyboat.events;

import java.io.Serial;
import java.util.LinkedHashMap;
import java.util.Map;

/** Forgets what was not asked for longest. Not thread-safe. */
final class LruMap<K, V> extends LinkedHashMap<K, V> {
    @Serial
    private static final long serialVersionUID = 1;

    private final int capacity;

    LruMap(int capacity) {
        super(64, 0.75f, true);
        this.capacity = capacity;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > capacity;
    }
}
