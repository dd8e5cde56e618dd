package io.jollyboat.runtime;

import io.jollyboat.log.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** The real clock, threads and randomness of this JVM. The only class that touches them. */
public final class SystemRuntime implements Runtime {
    private static final Log LOG = Log.of(SystemRuntime.class);
    private static final SystemRuntime INSTANCE = new SystemRuntime();

    private final ScheduledThreadPoolExecutor timers;
    private final RandomGenerator random = new ThreadLocalGenerator();

    private SystemRuntime() {
        timers = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "timers");
            thread.setDaemon(true);
            return thread;
        });
        timers.setRemoveOnCancelPolicy(true);
    }

    public static SystemRuntime instance() {
        return INSTANCE;
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        if (duration.isPositive()) {
            Thread.sleep(duration);
        } else if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        // The timer thread only hands over: a slow task must not delay other timers.
        ScheduledFuture<?> future = timers.schedule(() -> start("timer", task), nanos(delay), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public Thread start(String name, Runnable body) {
        return Thread.ofVirtual().name(name).start(() -> {
            try {
                body.run();
            } catch (Throwable e) {
                LOG.error("thread failed", e, "thread", name);
            }
        });
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    /** Runs the task when the JVM is asked to end, by a signal or by exit. */
    public void onShutdown(Runnable task) {
        java.lang.Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(task));
    }

    private static long nanos(Duration delay) {
        // Duration.toNanos overflows after 292 years.
        return delay.compareTo(Duration.ofDays(36_500)) > 0
                ? Duration.ofDays(36_500).toNanos()
                : Math.max(0, delay.toNanos());
    }

    /** ThreadLocalRandom belongs to one thread; this may be shared. */
    private static final class ThreadLocalGenerator implements RandomGenerator {
        @Override
        public long nextLong() {
            return ThreadLocalRandom.current().nextLong();
        }
    }
}
