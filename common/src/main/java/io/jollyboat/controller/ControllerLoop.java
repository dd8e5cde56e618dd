package io.jollyboat.controller;

import io.jollyboat.errors.ApiException;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.log.Log;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.runtime.Runtime.Timer;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a reconciler: keys come in through {@link Enqueuer}, workers take them, failures come back later and later. Work
 * begins when the informers have synced; after {@link #close} no reconciliation begins, and those under way are
 * interrupted.
 */
public final class ControllerLoop implements Enqueuer, AutoCloseable {
    private static final Log LOG = Log.of(ControllerLoop.class);

    private final String name;
    private final Reconciler reconciler;
    private final LoopConfig config;
    private final Runtime runtime;
    private final WorkQueue<ObjectKey> queue;
    private final Counter reconciled;
    private final Histogram duration;
    private final List<Thread> threads = new ArrayList<>();
    private boolean started;
    private volatile boolean closed;

    public ControllerLoop(String name, Reconciler reconciler, LoopConfig config, Runtime runtime, Metrics metrics) {
        this.name = name;
        this.reconciler = reconciler;
        this.config = config;
        this.runtime = runtime;
        this.queue = new WorkQueue<>(name, config.backOff(), config.capacity(), runtime, metrics);
        this.reconciled =
                metrics.counter("controller_reconcile", "Reconciliations by their outcome", "controller", "result");
        this.duration = metrics.seconds("workqueue_work_duration_seconds", "How long the work on a key took", "name");
    }

    public String name() {
        return name;
    }

    /** Starts the workers once all the informers have synced; does not wait for that. */
    public synchronized void start(List<? extends Informer<?>> informers) {
        if (started || closed) {
            throw new IllegalStateException("loop " + name + " was started or closed before");
        }
        started = true;
        threads.add(runtime.start(name, () -> startWorkers(informers)));
    }

    @Override
    public void add(ObjectKey key) {
        queue.add(key);
    }

    @Override
    public void addAfter(ObjectKey key, Duration delay) {
        queue.addAfter(key, delay);
    }

    /** Keys ready and not yet taken by a worker. */
    public int backlog() {
        return queue.size();
    }

    /** Stops at once and waits for the reconciliations under way to notice, at most five seconds. */
    @Override
    public void close() {
        List<Thread> running;
        synchronized (this) {
            closed = true;
            queue.close();
            running = List.copyOf(threads);
        }
        running.forEach(Thread::interrupt);
        try {
            for (Thread thread : running) {
                if (!thread.join(Duration.ofSeconds(5))) {
                    LOG.warn("worker does not stop", "controller", name, "thread", thread.getName());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void startWorkers(List<? extends Informer<?>> informers) {
        try {
            for (Informer<?> informer : informers) {
                informer.awaitSync();
            }
        } catch (InterruptedException e) {
            return; // closed
        }
        LOG.debug("caches synced, starting", "controller", name, "workers", config.workers());
        synchronized (this) {
            for (int i = 0; i < config.workers() && !closed; i++) {
                threads.add(runtime.start(name + "-" + i, this::work));
            }
        }
    }

    private void work() {
        while (!closed) {
            ObjectKey key;
            try {
                key = queue.take();
            } catch (InterruptedException e) {
                continue; // by close, or by a time-out that came a moment late
            }
            if (key == null) {
                return;
            }
            try {
                reconcile(key);
            } finally {
                queue.done(key);
            }
        }
    }

    private void reconcile(ObjectKey key) {
        long start = runtime.nanoTime();
        Deadline deadline = new Deadline(Thread.currentThread());
        Timer timer = runtime.schedule(config.timeout(), deadline::expire);
        String result;
        try {
            Outcome outcome = reconciler.reconcile(key);
            deadline.end();
            result = apply(key, outcome);
        } catch (Exception e) {
            deadline.end();
            result = fail(key, e, deadline.expired);
        } finally {
            timer.cancel();
        }
        reconciled.labelValues(name, result).inc();
        duration.labelValues(name).observe((runtime.nanoTime() - start) / 1e9);
    }

    private String apply(ObjectKey key, Outcome outcome) {
        queue.forget(key);
        return switch (outcome) {
            case Outcome.Done ignored -> "success";
            case Outcome.RequeueAfter after -> {
                queue.addAfter(key, after.delay());
                yield "requeue_after";
            }
            case Outcome.Terminal terminal -> {
                LOG.warn(
                        "cannot succeed until it changes", "controller", name, "key", key, "reason", terminal.reason());
                yield "terminal";
            }
        };
    }

    private String fail(ObjectKey key, Exception error, boolean timedOut) {
        if (closed) {
            return "cancelled";
        }
        if (timedOut) {
            LOG.warn("reconciliation timed out", "controller", name, "key", key, "timeout", config.timeout());
        } else if (error instanceof ApiException api) {
            // Conflicts and lost connections are everyday; the rest is worth a look.
            if (api.isConflict() || api.code() >= 500) {
                LOG.debug("will retry", "controller", name, "key", key, "status", api.getMessage());
            } else {
                LOG.warn("request failed, will retry", "controller", name, "key", key, "status", api.getMessage());
            }
        } else {
            LOG.error("reconciliation failed, will retry", error, "controller", name, "key", key);
        }
        queue.addWithBackOff(key);
        return timedOut ? "timeout" : "error";
    }

    /** Interrupts one reconciliation, and nothing after it. */
    private static final class Deadline {
        private final Thread worker;
        private boolean over;
        private boolean expired;

        Deadline(Thread worker) {
            this.worker = worker;
        }

        synchronized void expire() {
            if (!over) {
                expired = true;
                worker.interrupt();
            }
        }

        synchronized void end() {
            over = true;
            if (expired) {
                Thread.interrupted(); // ours, not to be seen by what follows
            }
        }
    }
}
