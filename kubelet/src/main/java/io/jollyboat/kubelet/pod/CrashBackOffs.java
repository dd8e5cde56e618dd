package io.jollyboat.kubelet.pod;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * How long the containers of one pod wait before a restart: 10 s, doubling to 5 min, forgotten after 10 quiet minutes.
 * The first restart is at once. Owned by the pod's loop.
 */
final class CrashBackOffs {
    static final Duration INITIAL = Duration.ofSeconds(10);
    static final Duration MAX = Duration.ofMinutes(5);

    private final Map<String, Entry> entries = new HashMap<>();

    private record Entry(Duration delay, Instant lastRestart) {}

    /** The whole delay after this end; zero when there is none. */
    Duration delayAfter(String key, Instant finishedAt) {
        Entry entry = entries.get(key);
        return entry == null || expired(entry, finishedAt) ? Duration.ZERO : entry.delay();
    }

    /** The container is restarted now, after an end at this time. */
    void restarted(String key, Instant finishedAt, Instant now) {
        Entry entry = entries.get(key);
        Duration next = entry == null || expired(entry, finishedAt)
                ? INITIAL
                : min(entry.delay().multipliedBy(2));
        entries.put(key, new Entry(next, now));
    }

    private static boolean expired(Entry entry, Instant finishedAt) {
        return Duration.between(entry.lastRestart(), finishedAt).compareTo(MAX.multipliedBy(2)) > 0;
    }

    private static Duration min(Duration delay) {
        return delay.compareTo(MAX) < 0 ? delay : MAX;
    }

    /** A duration as Go prints it: {@code 10s}, {@code 1m20s}, {@code 5m0s}. */
    static String text(Duration delay) {
        return delay.toMinutes() > 0 ? delay.toMinutes() + "m" + delay.toSecondsPart() + "s" : delay.toSeconds() + "s";
    }
}
