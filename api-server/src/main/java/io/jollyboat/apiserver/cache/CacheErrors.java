package io.jollyboat.apiserver.cache;

import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.meta.v1.StatusCause;
import io.jollyboat.api.meta.v1.StatusDetails;
import io.jollyboat.apiserver.storage.StoreException;
import io.jollyboat.errors.ApiException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The cache's failures in upstream's words. */
final class CacheErrors {
    private CacheErrors() {}

    /** A revision that the cache has not reached in time. */
    static ApiException tooLarge(long wanted, long current) {
        return new ApiException(Status.newBuilder()
                .setStatus("Failure")
                .setMessage("Timeout: Too large resource version: " + wanted + ", current: " + current)
                .setReason("Timeout")
                .setDetails(StatusDetails.newBuilder()
                        .addCauses(StatusCause.newBuilder()
                                .setReason("ResourceVersionTooLarge")
                                .setMessage("Too large resource version"))
                        .setRetryAfterSeconds(1))
                .setCode(504)
                .build());
    }

    static ApiException tooOld(long wanted, long oldest) {
        return ApiException.of(410, "Expired", "too old resource version: " + wanted + " (" + oldest + ")");
    }

    static ApiException notReady() {
        return new ApiException(Status.newBuilder()
                .setStatus("Failure")
                .setMessage("storage is (re)initializing")
                .setReason("TooManyRequests")
                .setDetails(StatusDetails.newBuilder().setRetryAfterSeconds(1))
                .setCode(429)
                .build());
    }

    /** What the store's future comes to, or its failure as a Status. */
    static <T> T join(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw unwrap(e);
        }
    }

    static RuntimeException unwrap(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return switch (cause) {
            case StoreException store -> store.toApiException();
            case RuntimeException other -> other;
            default -> new IllegalStateException(cause);
        };
    }
}
