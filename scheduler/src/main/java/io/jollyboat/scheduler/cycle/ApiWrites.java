package io.jollyboat.scheduler.cycle;

import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls to the API server whose outcome nobody waits for: a bounded number at once, a bounded number waiting. */
final class ApiWrites {
    private static final Log LOG = Log.of(ApiWrites.class);
    private static final int AT_ONCE = 64;
    private static final int WAITING = 10_000;

    private final Runtime runtime;
    private final Semaphore permits = new Semaphore(AT_ONCE);
    private final AtomicInteger waiting = new AtomicInteger();

    ApiWrites(Runtime runtime) {
        this.runtime = runtime;
    }

    /** Drops the call, with a line in the log, when too many wait. */
    void submit(String what, Object key, Runnable call) {
        if (waiting.incrementAndGet() > WAITING) {
            waiting.decrementAndGet();
            LOG.warn("call dropped, too many wait", "what", what, "key", key);
            return;
        }
        runtime.start(what, () -> {
            try {
                permits.acquire();
                try {
                    call.run();
                } finally {
                    permits.release();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                waiting.decrementAndGet();
            }
        });
    }
}
