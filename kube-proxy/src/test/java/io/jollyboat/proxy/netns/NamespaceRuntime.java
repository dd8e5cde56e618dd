package io.jollyboat.proxy.netns;

import io.jollyboat.runtime.Runtime;
import io.jollyboat.runtime.SystemRuntime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/** A runtime whose threads live in a network namespace, and whose timers fire when the test says so. */
public final class NamespaceRuntime implements Runtime {
    /** Its one thread is in the namespace, and free even while a test's own task holds the namespace's thread. */
    private final ExecutorService starter;

    private final List<Runnable> timers = new CopyOnWriteArrayList<>();

    public NamespaceRuntime(NetNamespace namespace) {
        // A new thread is in the namespace of the one that makes it.
        this.starter = namespace.in(() -> {
            ExecutorService executor = Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("starter").factory());
            executor.submit(() -> {}).get();
            return executor;
        });
    }

    /** Fires all timers set so far. */
    public void fireTimers() {
        List<Runnable> due = List.copyOf(timers);
        timers.removeAll(due);
        due.forEach(Runnable::run);
    }

    @Override
    public Instant now() {
        return SystemRuntime.instance().now();
    }

    @Override
    public long nanoTime() {
        return SystemRuntime.instance().nanoTime();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        SystemRuntime.instance().sleep(duration);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        timers.add(task);
        return () -> timers.remove(task);
    }

    @Override
    public Thread start(String name, Runnable body) {
        try {
            return starter.submit(() -> Thread.ofPlatform().daemon().name(name).start(body))
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public RandomGenerator random() {
        return SystemRuntime.instance().random();
    }
}
