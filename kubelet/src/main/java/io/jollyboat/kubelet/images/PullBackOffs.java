package io.jollyboat.kubelet.images;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Waits between pulls of an image for a pod that fail: 10 s, doubling to 5 min; forgotten after 10 min in peace. */
final class PullBackOffs {
    private static final Duration INITIAL = Duration.ofSeconds(10);
    private static final Duration MAX = Duration.ofMinutes(5);

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /** @param error reason and message of the last attempt */
    record Entry(Duration delay, Instant failedAt, String error) {
        Instant until() {
            return failedAt.plus(delay);
        }
    }

    /** The wait that is on, or null. */
    Entry waiting(String key, Instant now) {
        Entry entry = entries.get(key);
        return entry != null && now.isBefore(entry.until()) ? entry : null;
    }

    void failed(String key, Instant now, String error) {
        entries.compute(key, (k, old) -> {
            boolean first = old == null || now.isAfter(old.failedAt().plus(MAX.multipliedBy(2)));
            Duration delay = first ? INITIAL : old.delay().multipliedBy(2);
            return new Entry(delay.compareTo(MAX) < 0 ? delay : MAX, now, error);
        });
    }

    void forget(String prefix) {
        entries.keySet().removeIf(key -> key.startsWith(prefix));
    }
}
