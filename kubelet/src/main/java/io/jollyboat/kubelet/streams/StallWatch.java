package io.jollyboat.kubelet.streams;

import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Notices that a client has gone while what it sent is not taken. Its end stands behind the bytes that nobody reads, so
 * it is told something that asks for no answer: the system of a client that is gone refuses it. Costs nothing while
 * nothing is written, and a timer now and then while something is.
 */
final class StallWatch implements AutoCloseable {
    /** Between what is told to a client whose input stands still. */
    static final Duration PERIOD = Duration.ofSeconds(5);

    private final Runtime runtime;
    private final Duration period;
    private final Beat beat;
    private final Runnable onGone;
    private final AtomicBoolean armed = new AtomicBoolean();
    /** Odd while a write is under way. */
    private final AtomicLong step = new AtomicLong();

    private volatile boolean over;
    private volatile Runtime.Timer timer;

    /** Tells the client something that it ignores. */
    interface Beat {
        void send() throws IOException;
    }

    /** @param onGone ends the write that stands still */
    StallWatch(Runtime runtime, Duration period, Beat beat, Runnable onGone) {
        this.runtime = runtime;
        this.period = period;
        this.beat = beat;
        this.onGone = onGone;
    }

    /** What the client sent is about to be handed on; called by one thread. */
    void begin() {
        step.incrementAndGet();
        arm();
    }

    /** It has been taken, or never will be. */
    void end() {
        step.incrementAndGet();
    }

    private void arm() {
        if (!over && armed.compareAndSet(false, true)) {
            long at = step.get();
            timer = runtime.schedule(period, () -> due(at));
        }
    }

    private void due(long armedAt) {
        // Before the look at the step: a write that begins meanwhile sees that it has to arm.
        armed.set(false);
        long now = step.get();
        if (over || now % 2 == 0) {
            return;
        }
        if (now == armedAt) {
            try {
                beat.send();
            } catch (IOException e) {
                over = true;
                onGone.run();
                return;
            }
        }
        arm();
    }

    @Override
    public void close() {
        over = true;
        Runtime.Timer last = timer;
        if (last != null) {
            last.cancel();
        }
    }
}
