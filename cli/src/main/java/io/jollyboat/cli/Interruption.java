package io.jollyboat.cli;

import io.jollyboat.runtime.SystemRuntime;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command that is asked to end (Ctrl-C, a closed terminal, SIGTERM) take back what it began: its thread is
 * interrupted, and the process lives on until this is closed.
 */
final class Interruption implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean asked;

    /** From now on, until closed, for the calling thread. */
    static Interruption watch() {
        Interruption interruption = new Interruption();
        Thread working = Thread.currentThread();
        SystemRuntime.instance().onShutdown(() -> interruption.end(working));
        return interruption;
    }

    private void end(Thread working) {
        if (over.getCount() == 0) {
            return;
        }
        asked = true;
        working.interrupt();
        try {
            over.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean asked() {
        return asked;
    }

    @Override
    public void close() {
        over.countDown();
    }
}
