package io.jollyboat.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** What a component may know and use of the world it runs in. Implementations are thread-safe. */
public interface Runtime {
    /** Wall-clock time. */
    Instant now();

    /** A monotonic clock for measuring durations, in nanoseconds from an arbitrary origin. */
    long nanoTime();

    /** Blocks the calling thread; returns early with InterruptedException when interrupted. */
    void sleep(Duration duration) throws InterruptedException;

    /** Runs the task once after the delay, on a thread of its own; the task must not block for long. */
    Timer schedule(Duration delay, Runnable task);

    /** Starts a named virtual thread. An exception that escapes the body is logged with the name. */
    Thread start(String name, Runnable body);

    /** Not for secrets. */
    RandomGenerator random();

    /** A timer that may be cancelled. */
    interface Timer {
        /** No effect once the task has begun. */
        void cancel();
    }
}
