package io.jollyboat.apiserver.grpc;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.objects.EventType;
import io.jollyboat.api.objects.WatchBatch;
import io.jollyboat.api.objects.WatchEvent;
import io.jollyboat.apiserver.cache.CacheEvent;
import io.jollyboat.apiserver.cache.CacheWatch;
import io.jollyboat.apiserver.request.ResourceService;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ResourceType;
import java.util.List;
import java.util.function.Supplier;

/**
 * Moves one watch's events to its client in batches. Waits while the client is slow; meanwhile the watch's own queue
 * fills, and ends the watch when it is full.
 */
final class WatchPump {
    private static final int BATCH_BYTES = 256 * 1024;

    private final ResourceService resources;
    private final ResourceType<?> type;
    private final ServerCallStreamObserver<WatchBatch> stream;
    private final ReadyStream<WatchBatch> ready;
    private volatile CacheWatch watch;

    /** In the call's own callback, where the stream still takes handlers. */
    WatchPump(ResourceService resources, ResourceType<?> type, ServerCallStreamObserver<WatchBatch> stream) {
        this.resources = resources;
        this.type = type;
        this.stream = stream;
        this.ready = new ReadyStream<>(stream, () -> {
            CacheWatch running = watch;
            if (running != null) {
                running.close();
            }
        });
    }

    /** @param onEnd runs when the watch is over */
    record Opened(CacheWatch watch, Runnable onEnd) {}

    void run(Supplier<Opened> opening) {
        Opened opened;
        try {
            opened = opening.get();
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            end(e);
            return;
        }
        watch = opened.watch();
        try (CacheWatch running = opened.watch()) {
            if (stream.isCancelled()) {
                return;
            }
            for (List<CacheEvent> events = running.take(); !events.isEmpty(); events = running.take()) {
                if (!send(events)) {
                    break;
                }
            }
            if (!stream.isCancelled()) {
                stream.onCompleted();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            end(e);
        } finally {
            opened.onEnd().run();
        }
    }

    /** 410 and 504 are events of a watch; other failures are the call's. */
    private void end(Throwable e) {
        if (stream.isCancelled()) {
            return;
        }
        ApiException failure = GrpcFailures.known(e, "watch");
        if (failure.isGone() || failure.code() == 504) {
            stream.onNext(WatchBatch.newBuilder()
                    .addEvents(WatchEvent.newBuilder()
                            .setType(EventType.ERROR)
                            .setObject(failure.status().toByteString()))
                    .build());
            stream.onCompleted();
        } else {
            stream.onError(GrpcFailures.toGrpc(failure));
        }
    }

    private boolean send(List<CacheEvent> events) throws InterruptedException {
        WatchBatch.Builder batch = WatchBatch.newBuilder();
        int size = 0;
        for (CacheEvent event : events) {
            WatchEvent message = event(event);
            size += message.getObject().size();
            batch.addEvents(message);
            if (size >= BATCH_BYTES) {
                if (!ready.send(batch.build())) {
                    return false;
                }
                batch = WatchBatch.newBuilder();
                size = 0;
            }
        }
        return batch.getEventsCount() == 0 || flush(batch);
    }

    /** False when the client is gone, or the watch has ended meanwhile, as one does whose reader is too slow. */
    private boolean flush(WatchBatch.Builder batch) throws InterruptedException {
        if (!stream.isReady()) {
            watch.onReady(ready::wake);
        }
        return ready.send(batch.build(), watch::hasEnded);
    }

    private WatchEvent event(CacheEvent event) {
        return switch (event.type()) {
            case ADDED -> object(EventType.ADDED, event);
            case MODIFIED -> object(EventType.MODIFIED, event);
            case DELETED -> object(EventType.DELETED, event);
            case BOOKMARK -> bookmark(event.revision(), false);
            case INITIAL_EVENTS_END -> bookmark(event.revision(), true);
        };
    }

    private WatchEvent object(EventType kind, CacheEvent event) {
        ByteString bytes = resources.isStoredVersion(type)
                ? event.entry().protobuf()
                : resources.object(type, event.entry()).toByteString();
        return WatchEvent.newBuilder().setType(kind).setObject(bytes).build();
    }

    private WatchEvent bookmark(long revision, boolean endsInitial) {
        ObjectMeta.Builder meta = ObjectMeta.newBuilder().setResourceVersion(Long.toString(revision));
        if (endsInitial) {
            meta.putAnnotations("k8s.io/initial-events-end", "true");
        }
        return WatchEvent.newBuilder()
                .setType(EventType.BOOKMARK)
                .setObject(type.withMeta(type.prototype(), meta.build()).toByteString())
                .build();
    }
}
