package io.jollyboat.runtime;

import io.jollyboat.log.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;

/**
 * A runtime whose clock stands still until the test moves it. Timers run on the thread that moves the clock, in the
 * order of their times and, at one time, of their scheduling; random numbers come from a seed.
 */
public final class VirtualRuntime implements Runtime {
    private static final Log LOG = Log.of(VirtualRuntime.class);

    private final PriorityQueue<Pending> timers =
            new PriorityQueue<>(Comparator.<Pending>comparingLong(p -> p.at).thenComparingLong(p -> p.sequence));
    private final RandomGenerator random;
    private final Instant origin;
    private long nanos;
    private long sequence;

    public VirtualRuntime(long seed) {
        this(seed, Instant.parse("2026-01-01T00:00:00Z"));
    }

    public VirtualRuntime(long seed, Instant origin) {
        // java.util.Random is thread-safe, as the contract asks.
        this.random = new Random(seed);
        this.origin = origin;
    }

    /** Moves the clock, running every timer that falls due on the way at its own time. */
    public void advance(Duration duration) {
        long target;
        synchronized (this) {
            target = nanos + duration.toNanos();
        }
        while (true) {
            Pending due;
            synchronized (this) {
                due = timers.peek();
                if (due == null || due.at > target) {
                    nanos = target;
                    return;
                }
                timers.remove();
                nanos = Math.max(nanos, due.at);
            }
            run(due);
        }
    }

    /** How many timers and sleepers wait for the clock. */
    public synchronized int waiting() {
        return timers.size();
    }

    @Override
    public synchronized Instant now() {
        return origin.plusNanos(nanos);
    }

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        Timer timer = schedule(duration, over::countDown);
        try {
            over.await();
        } finally {
            timer.cancel();
        }
    }

    @Override
    public synchronized Timer schedule(Duration delay, Runnable task) {
        Pending pending = new Pending(nanos + Math.max(0, delay.toNanos()), sequence++, task);
        timers.add(pending);
        return () -> cancel(pending);
    }

    @Override
    public Thread start(String name, Runnable body) {
        return SystemRuntime.instance().start(name, body);
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    private synchronized void cancel(Pending pending) {
        timers.remove(pending);
    }

    private static void run(Pending due) {
        try {
            due.task.run();
        } catch (RuntimeException e) {
            LOG.error("timer failed", e);
        }
    }

    /** Compared by identity: two timers may be equal in all else. */
    private static final class Pending {
        final long at;
        final long sequence;
        final Runnable task;

        Pending(long at, long sequence, Runnable task) {
            this.at = at;
            this.sequence = sequence;
            this.task = task;
        }
    }
}
