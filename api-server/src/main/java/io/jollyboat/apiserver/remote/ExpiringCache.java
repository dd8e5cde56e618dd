package io.jollyboat.apiserver.remote;

import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;

/** Values that hold for a while; of too many, those that were not asked for the longest go. Thread-safe. */
public final class ExpiringCache<K, V> {
    private final int limit;
    private final Runtime runtime;
    private final LinkedHashMap<K, Kept<V>> values = new LinkedHashMap<>(16, 0.75f, true);

    public ExpiringCache(int limit, Runtime runtime) {
        this.limit = limit;
        this.runtime = runtime;
    }

    private record Kept<V>(V value, long endNanos) {}

    /** Null where there is none, or none any more. */
    public synchronized V get(K key) {
        Kept<V> kept = values.get(key);
        if (kept == null) {
            return null;
        }
        if (runtime.nanoTime() - kept.endNanos() >= 0) {
            values.remove(key);
            return null;
        }
        return kept.value();
    }

    /** @param ttl no longer than zero to keep nothing */
    public synchronized void put(K key, V value, Duration ttl) {
        if (!ttl.isPositive()) {
            return;
        }
        values.put(key, new Kept<>(value, runtime.nanoTime() + ttl.toNanos()));
        Iterator<K> oldest = values.keySet().iterator();
        while (values.size() > limit) {
            oldest.next();
            oldest.remove();
        }
    }
}
