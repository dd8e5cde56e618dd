package io.jollyboat.apiserver.rest;

import io.jollyboat.apiserver.cache.CacheWatch;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;

/**
 * Ends a watch when its time is over. Shortly before, a bookmark tells the client how far it has come, so that the next
 * watch need not begin with what this one has left out. Thread-safe.
 */
final class WatchDeadline {
    private static final Duration LAST = Duration.ofSeconds(2);

    private final Runtime runtime;
    private final CacheWatch watch;
    private Runtime.Timer timer;
    private boolean cancelled;

    WatchDeadline(Runtime runtime, CacheWatch watch, Duration time) {
        this.runtime = runtime;
        this.watch = watch;
        synchronized (this) {
            timer = time.compareTo(LAST) > 0
                    ? runtime.schedule(time.minus(LAST), this::bookmark)
                    : runtime.schedule(time, watch::close);
        }
    }

    private void bookmark() {
        synchronized (this) {
            if (cancelled) {
                return;
            }
            timer = runtime.schedule(LAST, watch::close);
        }
        watch.bookmark();
    }

    synchronized void cancel() {
        cancelled = true;
        timer.cancel();
    }
}
