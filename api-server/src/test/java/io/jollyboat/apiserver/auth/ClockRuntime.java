package io.jollyboat.apiserver.auth;

import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** A clock that the test moves, and nothing else. */
public final class ClockRuntime implements Runtime {
    private Instant now;

    public ClockRuntime(Instant now) {
        this.now = now;
    }

    public void advance(Duration duration) {
        now = now.plus(duration);
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public long nanoTime() {
        return now.toEpochMilli() * 1_000_000;
    }

    @Override
    public void sleep(Duration duration) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Thread start(String name, Runnable body) {
        throw new UnsupportedOperationException();
    }

    @Override
    public RandomGenerator random() {
        throw new UnsupportedOperationException();
    }
}
