package io.jollyboat.apiserver.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lets calls wait while the server starts. Components come as soon as the door is open; before the default roles are there
 * they would be refused what they may do, and all come back later.
 */
final class StartGate implements ServerInterceptor {
    /** Then the call is answered as things stand. */
    private static final long PATIENCE_SECONDS = 5;

    private final CompletableFuture<Void> started;

    StartGate(CompletableFuture<Void> started) {
        this.started = started;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        if (!started.isDone()) {
            await();
        }
        return next.startCall(call, headers);
    }

    private void await() {
        try {
            started.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // Whatever is missing, the call will say so.
            return;
        }
    }
}
