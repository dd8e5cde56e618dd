package io.jollyboat.kubelet.images;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Waits between pulls that fail: 10 s, doubling to 5 min. */
final class PullBackOffs {
    private static final Duration INITIAL = Duration.ofSeconds(10);
    private static final Duration MAX = Duration.ofMinutes(5);

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /** @param error of the last attempt */
    record Entry(Duration delay, Instant until, String error) {}

    /** The wait that is on, or null. */
    Entry waiting(String key, Instant now) {
        Entry entry = entries.get(key);
        return entry != null && now.isBefore(entry.until()) ? entry : null;
    }

    void failed(String key, Instant now, String error) {
        entries.compute(key, (k, old) -> {
            Duration delay = old == null ? INITIAL : old.delay().multipliedBy(2);
            Duration capped = delay.compareTo(MAX) < 0 ? delay : MAX;
            return new Entry(capped, now.plus(capped), error);
        });
    }

    void succeeded(String key) {
        entries.remove(key);
    }

    void forget(String prefix) {
        entries.keySet().removeIf(key -> key.startsWith(prefix));
    }
}
