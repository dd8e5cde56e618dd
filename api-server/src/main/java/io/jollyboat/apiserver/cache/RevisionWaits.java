package io.jollyboat.apiserver.cache;

import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Waiting until a cache has reached a revision. */
final class RevisionWaits {
    private static final Duration FRESH_TIMEOUT = Duration.ofSeconds(3);

    private final StoreFeed feed;
    private final RevisionProbe probe;
    private final Runtime runtime;
    private final Supplier<CacheState> state;
    private final Supplier<CompletableFuture<Void>> filled;

    RevisionWaits(
            StoreFeed feed,
            RevisionProbe probe,
            Runtime runtime,
            Supplier<CacheState> state,
            Supplier<CompletableFuture<Void>> filled) {
        this.feed = feed;
        this.probe = probe;
        this.runtime = runtime;
        this.state = state;
        this.filled = filled;
    }

    /** Up to where the cache holds all changes. */
    long standing() {
        long fed = feed.revision();
        return state.get().standing(fed);
    }

    boolean reached(long revision) {
        return standing() >= revision;
    }

    /** Completes when the cache has reached the revision; fails with ApiException 504 as upstream words it. */
    CompletableFuture<Void> awaitRevision(long revision, Duration timeout) {
        if (reached(revision)) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> reached = new CompletableFuture<>();
        Runtime.Timer timer = runtime.schedule(
                timeout,
                () -> reached.completeExceptionally(
                        filled.get().isDone() ? CacheErrors.tooLarge(revision, standing()) : CacheErrors.notReady()));
        advance(revision, reached);
        return reached.whenComplete((done, failure) -> timer.cancel());
    }

    /**
     * Completes when the cache holds every write that was acknowledged before the call, by any API server: what makes a
     * following read linearizable. Concurrent callers share one question to the store.
     */
    CompletableFuture<Void> awaitCurrent() {
        return probe.ask()
                .handle((revision, failure) -> {
                    if (failure != null) {
                        throw CacheErrors.unwrap(failure);
                    }
                    return revision;
                })
                .thenCompose(revision -> awaitRevision(revision, FRESH_TIMEOUT));
    }

    private void advance(long revision, CompletableFuture<Void> waiting) {
        if (waiting.isDone()) {
            return;
        }
        if (reached(revision)) {
            waiting.complete(null);
            return;
        }
        CompletableFuture<Void> fed = feed.await(revision);
        var _ = waiting.whenComplete((done, failure) -> {
            if (failure != null) {
                feed.forget(fed);
            }
        });
        // Filled last: the feed may be ahead of a cache that is being filled anew.
        var _ = fed.thenCompose(done -> filled.get()).thenRun(() -> advance(revision, waiting));
    }
}
