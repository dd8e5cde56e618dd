package io.jollyboat.apiserver.aggregation;

import io.jollyboat.apiserver.cache.CacheEvent;
import io.jollyboat.apiserver.cache.CacheWatch;
import io.jollyboat.apiserver.cache.ResourceCache;
import io.jollyboat.apiserver.cache.WatchScope;
import io.jollyboat.errors.ApiException;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** Follows caches as long as somebody wants to know. One thread for each while it does, none otherwise. */
final class Followers implements AutoCloseable {
    private static final Log LOG = Log.of(Followers.class);
    private static final Duration RETRY = Duration.ofMillis(200);
    private static final WatchScope ALL = new WatchScope("", "", "", "", entry -> true, false);

    private final Runtime runtime;
    private final List<Kind> kinds;
    private List<Follower> running = List.of();
    private boolean closed;

    /** @param listener hears of each change; only hands over */
    record Kind(ResourceCache cache, Consumer<CacheEvent> listener) {}

    Followers(Runtime runtime, List<Kind> kinds) {
        this.runtime = runtime;
        this.kinds = kinds;
    }

    /** Begins or ends; no effect when it is so already. */
    synchronized void keep(boolean wanted) {
        if (closed || wanted != running.isEmpty()) {
            return;
        }
        if (!wanted) {
            running.forEach(Follower::stop);
            running = List.of();
            return;
        }
        running = kinds.stream().map(Follower::new).toList();
        running.forEach(follower ->
                runtime.start("follow " + follower.kind.cache().resource().plural(), () -> follower.run(runtime)));
    }

    @Override
    public synchronized void close() {
        keep(false);
        closed = true;
    }

    private static final class Follower {
        private final Kind kind;
        private volatile CacheWatch watch;
        private volatile boolean stopped;

        private Follower(Kind kind) {
            this.kind = kind;
        }

        private void stop() {
            stopped = true;
            CacheWatch open = watch;
            if (open != null) {
                open.close();
            }
        }

        private void run(Runtime runtime) {
            try {
                while (!stopped) {
                    try {
                        kind.cache().filled().get();
                        follow();
                    } catch (ApiException | ExecutionException e) {
                        LOG.info("following starts over", "reason", e.getMessage());
                        runtime.sleep(RETRY);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** From the present state on, as something may have happened since the last time. */
        private void follow() throws InterruptedException {
            try (CacheWatch open = kind.cache().watchFromNow(ALL, false)) {
                watch = open;
                if (stopped) {
                    return;
                }
                for (List<CacheEvent> events = open.take(); !events.isEmpty(); events = open.take()) {
                    for (CacheEvent event : events) {
                        if (event.entry() != null) {
                            kind.listener().accept(event);
                        }
                    }
                }
            }
        }
    }
}
