package io.jollyboat.events;

import io.jollyboat.runtime.Runtime;
import java.time.Duration;

/** A bucket per source and object: 25 events at once, then one in five minutes. Upstream's figures. Not thread-safe. */
final class SpamFilter<K> {
    private static final int BURST = 25;
    private static final long TOKEN_NANOS = Duration.ofMinutes(5).toNanos();
    private static final int OBJECTS = 4096;

    private final Runtime runtime;
    // By key, the moment at which its bucket is full again.
    private final LruMap<K, Long> fullAt = new LruMap<>(OBJECTS);

    SpamFilter(Runtime runtime) {
        this.runtime = runtime;
    }

    /** Takes a token; false when there is none. */
    boolean admit(K key) {
        long now = runtime.nanoTime();
        Long known = fullAt.get(key);
        long full = known == null || known - now < 0 ? now : known;
        if (full + TOKEN_NANOS - now > BURST * TOKEN_NANOS) {
            return false;
        }
        fullAt.put(key, full + TOKEN_NANOS);
        return true;
    }
}
