package io.jollyboat.apiserver.storage;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.jollyboat.apiserver.storage.StoreException.Kind;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** One watch on a stream of its own; a broken stream is replaced by one that goes on after the last revision seen. */
final class EtcdWatch implements KeyValueStore.Watch {
    private static final Log LOG = Log.of(EtcdWatch.class);
    private static final Duration RETRY = Duration.ofMillis(250);
    private static final ByteString ZERO = ByteString.copyFrom(new byte[] {0});
    private static final Metadata REQUIRE_LEADER = new Metadata();

    static {
        // A member that is cut off from the others would be silent for ever; so it breaks the stream.
        REQUIRE_LEADER.put(Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER), "true");
    }

    private final ManagedChannel channel;
    private final WatchGrpc.WatchStub stub;
    private final Runtime runtime;
    private final ByteString prefix;
    private final WatchListener listener;
    private final Supplier<CompletableFuture<Long>> currentRevision;
    private volatile long nextRevision;
    private Stream stream;
    private boolean ended;

    EtcdWatch(
            ManagedChannel channel,
            Runtime runtime,
            Supplier<CompletableFuture<Long>> currentRevision,
            ByteString prefix,
            long startRevision,
            WatchListener listener) {
        this.channel = channel;
        this.currentRevision = currentRevision;
        this.stub =
                WatchGrpc.newStub(channel).withInterceptors(MetadataUtils.newAttachHeadersInterceptor(REQUIRE_LEADER));
        this.runtime = runtime;
        this.prefix = prefix;
        this.nextRevision = startRevision;
        this.listener = listener;
    }

    synchronized void open() {
        if (ended) {
            return;
        }
        Stream fresh = new Stream();
        stream = fresh;
        // A watch outlives the request that happened to open it.
        Context.ROOT.run(() -> {
            var _ = stub.watch(fresh);
        });
        if (!current(fresh)) {
            // There is no connection: it failed at once, and a retry is under way.
            return;
        }
        fresh.requests.onNext(WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder()
                        .setKey(prefix.isEmpty() ? ZERO : prefix)
                        .setRangeEnd(prefix.isEmpty() ? ZERO : RangeRequest.end(prefix))
                        .setStartRevision(nextRevision))
                .build());
    }

    @Override
    public synchronized void close() {
        ended = true;
        if (stream != null) {
            stream.requests.cancel("closed", null);
        }
    }

    private synchronized boolean current(Stream from) {
        return !ended && stream == from;
    }

    private void end(Stream from, StoreException reason) {
        synchronized (this) {
            if (!current(from)) {
                return;
            }
            close();
        }
        listener.onEnd(reason);
    }

    /** This member may lag behind the one that served us before; a majority does not. */
    private void checkRevision(Stream from, long seen) {
        var _ = currentRevision.get().whenComplete((revision, failure) -> {
            if (failure == null && revision < seen) {
                // Restored from a backup, or another etcd: what we know did not happen there.
                end(from, new StoreException(Kind.COMPACTED, "etcd's revision went back to " + revision));
            }
        });
    }

    private synchronized void retry(Stream from, String reason) {
        if (channel.isShutdown()) {
            ended = true;
        } else if (current(from)) {
            LOG.debug("watch on etcd broke, it is opened again", "revision", nextRevision, "reason", reason);
            from.requests.cancel("replaced", null);
            stream = null;
            runtime.schedule(RETRY, this::open);
        }
    }

    private final class Stream implements ClientResponseObserver<WatchRequest, WatchResponse> {
        private ClientCallStreamObserver<WatchRequest> requests;

        @Override
        public void beforeStart(ClientCallStreamObserver<WatchRequest> stream) {
            this.requests = stream;
        }

        @Override
        public void onNext(WatchResponse response) {
            long revision = response.getHeader().getRevision();
            if (response.getCanceled()) {
                if (response.getCompactRevision() != 0) {
                    end(this, MemoryStore.compacted());
                } else {
                    retry(this, response.getCancelReason());
                }
            } else if (response.getCreated() && revision < nextRevision - 1) {
                checkRevision(this, nextRevision - 1);
            } else if (response.getEventsCount() > 0 && current(this)) {
                deliver(response);
            }
        }

        private void deliver(WatchResponse response) {
            List<StoreEvent> events = new ArrayList<>(response.getEventsCount());
            for (Event event : response.getEventsList()) {
                long revision = event.getKv().getModRevision();
                if (revision >= nextRevision) {
                    events.add(
                            event.getType() == Event.EventType.DELETE
                                    ? new StoreEvent.Delete(event.getKv().getKey(), revision)
                                    : new StoreEvent.Put(EtcdStore.convert(event.getKv())));
                }
            }
            if (!events.isEmpty()) {
                nextRevision = events.getLast().revision() + 1;
                listener.onEvents(events);
            }
        }

        @Override
        public void onError(Throwable error) {
            retry(this, error.getMessage());
        }

        @Override
        public void onCompleted() {
            retry(this, "the server ended the stream");
        }
    }
}
