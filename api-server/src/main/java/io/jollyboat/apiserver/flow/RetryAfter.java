package io.jollyboat.apiserver.flow;

import java.util.ArrayDeque;

/**
 * How long a refused client should stay away: longer while many are refused, up to 32 s; shorter again when fewer are.
 * Thread-safe.
 */
final class RetryAfter {
    private static final long MOST_SECONDS = 32;

    private record Second(long second, long dropped) {}

    private final ArrayDeque<Second> history = new ArrayDeque<>();
    private long current;
    private long droppedNow;
    private long seconds = 1;
    private long changed;

    RetryAfter(long second) {
        this.current = second;
        this.changed = second;
    }

    /** Counts a refusal at that second, and tells what the client should wait. */
    synchronized long refused(long second) {
        if (second <= current) {
            droppedNow++;
            return seconds;
        }
        history.addLast(new Second(current, droppedNow));
        long kept = Math.min(2 * seconds, MOST_SECONDS);
        while (!history.isEmpty() && current - history.getFirst().second() > kept) {
            history.removeFirst();
        }
        current = second;
        droppedNow = 1;
        adjust();
        return seconds;
    }

    private void adjust() {
        long dropped = history.stream()
                .filter(past -> current - past.second() <= seconds)
                .mapToLong(Second::dropped)
                .sum();
        if (current - changed >= seconds && dropped >= 3 * seconds) {
            seconds = Math.min(2 * seconds, MOST_SECONDS);
            changed = current;
        } else if (dropped < seconds && seconds > 1) {
            seconds--;
        }
    }
}
