package io.jollyboat.apiserver.cache;

import io.jollyboat.apiserver.storage.KeyValueStore;
import java.util.concurrent.CompletableFuture;

/**
 * Asks the store for its current revision on behalf of many: one question is under way at a time, and whoever comes
 * meanwhile shares the next one. Not the one under way, which may have been answered before they came.
 */
final class RevisionProbe {
    private final KeyValueStore store;
    private CompletableFuture<Long> next;
    private boolean asking;

    RevisionProbe(KeyValueStore store) {
        this.store = store;
    }

    CompletableFuture<Long> ask() {
        CompletableFuture<Long> answer;
        synchronized (this) {
            if (asking) {
                if (next == null) {
                    next = new CompletableFuture<>();
                }
                return next;
            }
            asking = true;
            answer = new CompletableFuture<>();
        }
        send(answer);
        return answer;
    }

    private void send(CompletableFuture<Long> answer) {
        var _ = store.currentRevision().whenComplete((revision, failure) -> {
            CompletableFuture<Long> following;
            synchronized (this) {
                following = next;
                next = null;
                asking = following != null;
            }
            // First the next question, so that it is under way while the first answer is used.
            if (following != null) {
                send(following);
            }
            if (failure != null) {
                answer.completeExceptionally(failure);
            } else {
                answer.complete(revision);
            }
        });
    }
}
