package io.jollyboat.client;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.objects.WatchBatch;
import io.jollyboat.api.objects.WatchEvent;
import io.jollyboat.api.objects.WatchRequest;
import io.jollyboat.client.ApiClient.Watch;
import io.jollyboat.client.ApiClient.WatchListener;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.log.Log;

/** One watch call: turns batches into the listener's calls, which gRPC makes one at a time. */
final class GrpcWatch<T extends Message> implements ClientResponseObserver<WatchRequest, WatchBatch>, Watch {
    private static final Log LOG = Log.of(GrpcWatch.class);

    private final ResourceType<T> type;
    private final WatchListener<T> listener;
    private volatile ClientCallStreamObserver<WatchRequest> call;
    private volatile boolean closed;
    // Touched by gRPC's serial calls only.
    private boolean ended;

    GrpcWatch(ResourceType<T> type, WatchListener<T> listener) {
        this.type = type;
        this.listener = listener;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<WatchRequest> stream) {
        call = stream;
    }

    @Override
    public void onNext(WatchBatch batch) {
        for (WatchEvent event : batch.getEventsList()) {
            if (closed || ended) {
                return;
            }
            try {
                handle(event);
            } catch (InvalidProtocolBufferException e) {
                LOG.error("event cannot be read, the watch begins anew", e, "type", type);
                end(ApiException.of(410, "Expired", "an event cannot be read"));
                cancel();
            }
        }
    }

    @Override
    public void onError(Throwable error) {
        if (closed) {
            end(null);
        } else if (error instanceof StatusRuntimeException status) {
            end(StatusTrailer.toApiException(status));
        } else {
            end(ApiException.of(503, "ServiceUnavailable", String.valueOf(error)));
        }
    }

    @Override
    public void onCompleted() {
        end(null);
    }

    @Override
    public void close() {
        closed = true;
        cancel();
    }

    private void handle(WatchEvent event) throws InvalidProtocolBufferException {
        switch (event.getType()) {
            case ADDED -> listener.onAdded(type.parse(event.getObject()));
            case MODIFIED -> listener.onModified(type.parse(event.getObject()));
            case DELETED -> listener.onDeleted(type.parse(event.getObject()));
            case BOOKMARK ->
                listener.onBookmark(type.meta(type.parse(event.getObject())).getResourceVersion());
            case ERROR -> {
                end(new ApiException(Status.parseFrom(event.getObject())));
                cancel();
            }
            case EVENT_TYPE_UNSPECIFIED, UNRECOGNIZED ->
                LOG.warn("event of unknown type", "type", type, "number", event.getTypeValue());
        }
    }

    private void end(ApiException error) {
        if (!ended) {
            ended = true;
            listener.onEnd(error);
        }
    }

    private void cancel() {
        ClientCallStreamObserver<WatchRequest> running = call;
        if (running != null) {
            running.cancel("watch closed", null);
        }
    }
}
