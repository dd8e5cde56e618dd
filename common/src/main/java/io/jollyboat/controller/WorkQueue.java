package io.jollyboat.controller;

import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.runtime.Runtime.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keys that wait for work. A key waits at most once; one that is added while it is worked on waits again afterwards, so
 * that no key is ever worked on twice at once and no addition is lost.
 */
public final class WorkQueue<K> implements AutoCloseable {
    private final Runtime runtime;
    private final BackOff<K> backOff;
    private final int capacity;
    private final QueueMetrics metrics;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ready = lock.newCondition();
    private final ArrayDeque<K> queue = new ArrayDeque<>();
    // Keys that wait, with the time of their addition.
    private final Map<K, Long> dirty = new HashMap<>();
    private final Set<K> processing = new HashSet<>();
    private final Map<K, Delayed> delayed = new HashMap<>();
    private boolean closed;

    /** @param capacity of keys waiting, ready and delayed: more than there can be objects */
    public WorkQueue(String name, BackOff.Limits limits, int capacity, Runtime runtime, Metrics metrics) {
        this.runtime = runtime;
        this.backOff = new BackOff<>(limits, runtime);
        this.capacity = capacity;
        this.metrics = new QueueMetrics(name, metrics);
    }

    /** Makes the key wait, unless it does already. */
    public void add(K key) {
        lock.lock();
        try {
            if (closed || dirty.containsKey(key)) {
                return;
            }
            checkCapacity();
            dirty.put(key, runtime.nanoTime());
            metrics.added();
            if (!processing.contains(key)) {
                queue.add(key);
                metrics.depth(queue.size());
                ready.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Adds the key once the delay is over; of two delays the shorter counts. */
    public void addAfter(K key, Duration delay) {
        if (!delay.isPositive()) {
            add(key);
            return;
        }
        lock.lock();
        try {
            if (closed) {
                return;
            }
            long at = saturatedSum(runtime.nanoTime(), delay);
            Delayed present = delayed.get(key);
            if (present != null) {
                if (present.at <= at) {
                    return;
                }
                present.timer.cancel();
            } else {
                checkCapacity();
            }
            Delayed next = new Delayed(at);
            delayed.put(key, next);
            next.timer = runtime.schedule(delay, () -> fallDue(key, next));
        } finally {
            lock.unlock();
        }
    }

    /** Adds the key after a failure, with back-off. */
    public void addWithBackOff(K key) {
        metrics.retried();
        addAfter(key, backOff.next(key));
    }

    /** Ends the key's back-off, after a success or when it is to be left alone. */
    public void forget(K key) {
        backOff.forget(key);
    }

    public int failures(K key) {
        return backOff.failures(key);
    }

    /** Waits for a key; null when the queue was closed. {@link #done} must follow. */
    public K take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (queue.isEmpty()) {
                if (closed) {
                    return null;
                }
                ready.await();
            }
            if (closed) {
                return null;
            }
            K key = queue.remove();
            processing.add(key);
            metrics.taken(runtime.nanoTime() - dirty.remove(key), queue.size());
            return key;
        } finally {
            lock.unlock();
        }
    }

    /** The work on the key is over. */
    public void done(K key) {
        lock.lock();
        try {
            processing.remove(key);
            if (!closed && dirty.containsKey(key)) {
                queue.add(key);
                metrics.depth(queue.size());
                ready.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many keys are ready. */
    public int size() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /** Drops what waits and wakes the takers. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            delayed.values().forEach(d -> d.timer.cancel());
            delayed.clear();
            queue.clear();
            dirty.clear();
            metrics.depth(0);
            ready.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void fallDue(K key, Delayed entry) {
        lock.lock();
        try {
            // A shorter delay may have replaced this one as its timer went off.
            if (!delayed.remove(key, entry)) {
                return;
            }
        } finally {
            lock.unlock();
        }
        add(key);
    }

    private void checkCapacity() {
        if (dirty.size() + delayed.size() >= capacity) {
            throw new IllegalStateException("work queue holds " + capacity + " keys, its limit");
        }
    }

    private static long saturatedSum(long nanos, Duration delay) {
        return delay.compareTo(Duration.ofDays(36_500)) > 0 ? Long.MAX_VALUE : nanos + delay.toNanos();
    }

    /** Compared by identity. */
    private static final class Delayed {
        private final long at;
        private Timer timer;

        Delayed(long at) {
            this.at = at;
        }
    }
}
