package io.jollyboat.apiserver.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.jollyboat.api.objects.EventType;
import io.jollyboat.api.objects.WatchBatch;
import io.jollyboat.api.objects.WatchEvent;
import io.jollyboat.apiserver.aggregation.RemoteEvents;
import io.jollyboat.apiserver.aggregation.RemoteObjects;
import io.jollyboat.apiserver.outbound.HttpCaller;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.errors.ApiException;
import java.io.IOException;
import tools.jackson.databind.JsonNode;

/** Passes the events of another server's watch on. While the client is slow nothing is read from the other server. */
final class RemotePump implements AutoCloseable {
    private final ServerCallStreamObserver<WatchBatch> stream;
    private final ReadyStream<WatchBatch> ready;
    private final HttpCaller.Giving giving = new HttpCaller.Giving();

    /** In the call's own callback. */
    RemotePump(ServerCallStreamObserver<WatchBatch> stream) {
        this.stream = stream;
        this.ready = new ReadyStream<>(stream, giving::up);
    }

    /** Begins the watch, so that it can be given up from elsewhere. */
    @FunctionalInterface
    interface Opening {
        RemoteEvents open(HttpCaller.Giving giving);
    }

    void run(Opening opening) {
        try (giving;
                RemoteEvents events = opening.open(giving)) {
            for (JsonNode event = events.next(); event != null; event = events.next()) {
                WatchBatch batch =
                        WatchBatch.newBuilder().addEvents(event(event)).build();
                if (!ready.send(batch)) {
                    return;
                }
            }
            complete();
        } catch (IOException e) {
            // As at any end in the middle: the client goes on from where it is.
            complete();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            end(e);
        }
    }

    private void complete() {
        if (!stream.isCancelled()) {
            stream.onCompleted();
        }
    }

    private void end(Throwable e) {
        if (stream.isCancelled()) {
            return;
        }
        ApiException failure = GrpcFailures.known(e, "watch");
        if (failure.isGone()) {
            stream.onNext(WatchBatch.newBuilder()
                    .addEvents(error(failure.status().toByteString()))
                    .build());
            stream.onCompleted();
        } else {
            stream.onError(GrpcFailures.toGrpc(failure));
        }
    }

    private static WatchEvent event(JsonNode event) {
        JsonNode object = event.path("object");
        return switch (event.path("type").asString("")) {
            case "ADDED" -> object(EventType.ADDED, object);
            case "MODIFIED" -> object(EventType.MODIFIED, object);
            case "DELETED" -> object(EventType.DELETED, object);
            case "BOOKMARK" -> object(EventType.BOOKMARK, object);
            case "ERROR" ->
                error(JsonCodec.decode(object, io.jollyboat.api.meta.v1.Status.getDefaultInstance(), Strictness.IGNORE)
                        .message()
                        .toByteString());
            default -> throw ApiException.internal("another server's event is of an unknown type");
        };
    }

    private static WatchEvent object(EventType type, JsonNode object) {
        return WatchEvent.newBuilder()
                .setType(type)
                .setObject(RemoteObjects.object(object).toByteString())
                .build();
    }

    private static WatchEvent error(com.google.protobuf.ByteString status) {
        return WatchEvent.newBuilder()
                .setType(EventType.ERROR)
                .setObject(status)
                .build();
    }

    @Override
    public void close() {
        giving.up();
    }
}
