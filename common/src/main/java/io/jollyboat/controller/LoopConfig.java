package io.jollyboat.controller;

import java.time.Duration;

/**
 * How a loop works.
 *
 * @param workers keys worked on at once
 * @param timeout after which a reconciliation is interrupted and counts as failed
 * @param capacity of the queue, in keys
 */
public record LoopConfig(int workers, Duration timeout, BackOff.Limits backOff, int capacity) {
    public static final LoopConfig DEFAULT = new LoopConfig(4, Duration.ofMinutes(2), BackOff.Limits.DEFAULT, 1 << 20);

    public LoopConfig withWorkers(int count) {
        return new LoopConfig(count, timeout, backOff, capacity);
    }
}
