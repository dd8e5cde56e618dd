package io.jollyboat.controllers.base;

import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.informer.Informer;
import java.util.ArrayList;
import java.util.List;

/**
 * A controller ready to run: its loops, and the caches that each waits for. Its informer handlers are in place; they
 * only fill queues.
 */
public final class Controller implements AutoCloseable {
    private final List<Part> parts = new ArrayList<>();

    public static Controller of(ControllerLoop loop, Informer<?>... caches) {
        return new Controller().and(loop, caches);
    }

    public Controller and(ControllerLoop loop, Informer<?>... caches) {
        parts.add(new Part(loop, List.of(caches)));
        return this;
    }

    public void start() {
        parts.forEach(part -> part.loop.start(part.caches));
    }

    @Override
    public void close() {
        parts.forEach(part -> part.loop.close());
    }

    private record Part(ControllerLoop loop, List<Informer<?>> caches) {}
}
