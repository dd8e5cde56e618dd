package io.jollyboat.controllers.base;

import io.jollyboat.runtime.Runtime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** Requests sent side by side, from a reconciliation that waits for them all. */
public final class Parallel {
    private Parallel() {}

    /** Answers the failures. */
    public static <T> List<RuntimeException> forEach(
            Runtime runtime, String name, Collection<T> items, Consumer<T> action) throws InterruptedException {
        if (items.size() == 1) {
            try {
                items.forEach(action);
                return List.of();
            } catch (RuntimeException e) {
                return List.of(e);
            }
        }
        ConcurrentLinkedQueue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (T item : items) {
            threads.add(runtime.start(name, () -> {
                try {
                    action.accept(item);
                } catch (RuntimeException e) {
                    failures.add(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return List.copyOf(failures);
    }

    /**
     * As often as asked, in batches of one, two, four, …: what fails for all is not tried hundreds of times. Answers the
     * first failure, or null.
     */
    public static RuntimeException slowStart(Runtime runtime, String name, int count, Runnable action)
            throws InterruptedException {
        int remaining = count;
        for (int batch = Math.min(remaining, 1); batch > 0; batch = Math.min(2 * batch, remaining)) {
            List<Integer> items = new ArrayList<>();
            for (int i = 0; i < batch; i++) {
                items.add(i);
            }
            List<RuntimeException> failures = forEach(runtime, name, items, i -> action.run());
            if (!failures.isEmpty()) {
                return failures.getFirst();
            }
            remaining -= batch;
        }
        return null;
    }
}
