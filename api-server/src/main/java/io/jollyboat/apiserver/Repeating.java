package io.jollyboat.apiserver;

import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;

/**
 * Does something again and again, on one thread; a failure is logged, once for each reason, and tried again: at first
 * soon, as when a server starts, then patiently, as while etcd is away.
 */
final class Repeating implements BackgroundTask {
    private static final Log LOG = Log.of(Repeating.class);

    private static final int SOON = 20;
    private static final Duration PATIENT = Duration.ofSeconds(3);

    private final String name;
    private final Runtime runtime;
    private final Duration pause;
    private final Duration retry;
    private final Runnable body;
    private Thread thread;

    Repeating(String name, Runtime runtime, Duration pause, Duration retry, Runnable body) {
        this.name = name;
        this.runtime = runtime;
        this.pause = pause;
        this.retry = retry;
        this.body = body;
    }

    @Override
    public synchronized void start() {
        thread = runtime.start(name, this::run);
    }

    private void run() {
        String failing = "";
        int failures = 0;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Duration next = pause;
                try {
                    body.run();
                    failing = "";
                    failures = 0;
                } catch (RuntimeException | LinkageError e) {
                    String reason = String.valueOf(e.getMessage());
                    if (!reason.equals(failing)) {
                        LOG.warn("a task of the server failed", "task", name, "reason", reason);
                    }
                    failing = reason;
                    next = ++failures < SOON ? retry : PATIENT;
                }
                runtime.sleep(next);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
