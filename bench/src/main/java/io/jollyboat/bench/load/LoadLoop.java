package io.jollyboat.bench.load;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import org.HdrHistogram.Histogram;

/** Sends requests over its connections, each the next one when the last was answered. Runs on the event loop. */
final class LoadLoop {
    private static final long MAX_MICROS = 600_000_000;
    private static final int SHOWN_BODY = 300;

    private final List<Connection> connections;
    private final long count;
    private final long deadlineNanos;
    private final LongFunction<byte[]> requestOf;
    private final CompletableFuture<LoadResult> result = new CompletableFuture<>();
    private final Histogram latencies = new Histogram(MAX_MICROS, 3);

    private long next;
    private long operations;
    private long failures;
    private long bytes;
    private int active;
    private long began;
    private String firstFailure = "";

    /**
     * @param count how many requests at most
     * @param nanos for how long at most
     * @param requestOf the n-th request
     */
    LoadLoop(List<Connection> connections, long count, long nanos, LongFunction<byte[]> requestOf) {
        this.connections = connections;
        this.count = count;
        this.requestOf = requestOf;
        this.deadlineNanos = nanos;
    }

    CompletableFuture<LoadResult> start() {
        connections.getFirst().channel().eventLoop().execute(() -> {
            began = System.nanoTime();
            active = connections.size();
            connections.forEach(this::sendNext);
        });
        return result;
    }

    private void sendNext(Connection connection) {
        long now = System.nanoTime();
        if (next >= count || now - began >= deadlineNanos) {
            if (--active == 0) {
                result.complete(new LoadResult(operations, failures, now - began, bytes, latencies, firstFailure));
            }
            return;
        }
        byte[] request;
        try {
            request = requestOf.apply(next++);
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
            return;
        }
        connection.send(Connection.bytes(request), new Connection.ResponseListener() {
            @Override
            public void body(int status, ByteBuf part) {
                bytes += part.readableBytes();
                if (status >= 300 && firstFailure.isEmpty()) {
                    firstFailure = status + " "
                            + part.toString(
                                    part.readerIndex(),
                                    Math.min(SHOWN_BODY, part.readableBytes()),
                                    StandardCharsets.UTF_8);
                }
            }

            @Override
            public void end(int status) {
                latencies.recordValue(Math.min(MAX_MICROS, (System.nanoTime() - now) / 1_000));
                operations++;
                if (status >= 300) {
                    failures++;
                }
                sendNext(connection);
            }

            @Override
            public void failed(Throwable cause) {
                result.completeExceptionally(cause);
            }
        });
    }
}
