package io.jollyboat.controller;

import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long a failed key waits: the longer of an exponential delay of its own and its turn in a bucket that all keys
 * share, so that neither one broken object nor ten thousand of them keep the loop busy. Upstream's defaults.
 */
public final class BackOff<K> {
    private final Limits limits;
    private final Runtime runtime;
    private final Map<K, Integer> failures = new ConcurrentHashMap<>();
    // The bucket, as the time at which it was (or will be) full to the last token taken: one number says it all.
    private long bucketNanos;

    public BackOff(Limits limits, Runtime runtime) {
        this.limits = limits;
        this.runtime = runtime;
        this.bucketNanos = runtime.nanoTime() - limits.burst() * tokenNanos();
    }

    /** Counts a failure of the key and says how long it is to wait. */
    public Duration next(K key) {
        int failed = failures.merge(key, 1, Integer::sum) - 1;
        Duration own = failed >= 62 ? limits.max() : min(limits.max(), saturatedShift(limits.base(), failed));
        Duration shared = takeToken();
        return own.compareTo(shared) > 0 ? own : shared;
    }

    /** The key's next failure is its first. */
    public void forget(K key) {
        failures.remove(key);
    }

    public int failures(K key) {
        return failures.getOrDefault(key, 0);
    }

    private synchronized Duration takeToken() {
        long now = runtime.nanoTime();
        long oldest = now - limits.burst() * tokenNanos();
        bucketNanos = Math.max(bucketNanos, oldest) + tokenNanos();
        return Duration.ofNanos(Math.max(0, bucketNanos - now));
    }

    private long tokenNanos() {
        return 1_000_000_000L / limits.perSecond();
    }

    private static Duration saturatedShift(Duration base, int shift) {
        long nanos = base.toNanos();
        return shift >= Long.numberOfLeadingZeros(nanos) - 1
                ? Duration.ofNanos(Long.MAX_VALUE)
                : Duration.ofNanos(nanos << shift);
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /**
     * @param base after a first failure; doubled with each further one
     * @param max never longer
     * @param perSecond retries of all keys together, in the long run
     * @param burst retries of all keys together, at once
     */
    public record Limits(Duration base, Duration max, int perSecond, int burst) {
        public static final Limits DEFAULT = new Limits(Duration.ofMillis(5), Duration.ofSeconds(1000), 10, 100);
    }
}
