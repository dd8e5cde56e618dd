package io.jollyboat.apiserver.grpc;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jollyboat.apiserver.storage.StoreException;
import io.jollyboat.client.StatusTrailer;
import io.jollyboat.errors.ApiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.exc.StreamConstraintsException;

/** How failures go over gRPC: a code for the transport, and the Status in the trailers. */
final class GrpcFailures {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcFailures.class);

    private GrpcFailures() {}

    static ApiException known(Throwable failure, String method) {
        return switch (failure) {
            case ApiException api -> api;
            case StoreException store -> store.toApiException();
            // Deeper, or with longer numbers, than a tree can be.
            case StreamConstraintsException deep -> ApiException.badRequest("json: " + deep.getOriginalMessage());
            default -> {
                LOG.error("call failed method={}", method, failure);
                yield ApiException.internal(String.valueOf(failure.getMessage()));
            }
        };
    }

    static StatusRuntimeException toGrpc(ApiException failure) {
        Metadata trailers = new Metadata();
        trailers.put(StatusTrailer.KEY, failure.status().toByteArray());
        return code(failure).withDescription(failure.getMessage()).asRuntimeException(trailers);
    }

    private static Status code(ApiException failure) {
        return switch (failure.code()) {
            case 400, 415, 422 -> Status.INVALID_ARGUMENT;
            case 401 -> Status.UNAUTHENTICATED;
            case 403 -> Status.PERMISSION_DENIED;
            case 404 -> Status.NOT_FOUND;
            case 405, 501 -> Status.UNIMPLEMENTED;
            case 409 -> failure.isAlreadyExists() ? Status.ALREADY_EXISTS : Status.ABORTED;
            case 410 -> Status.OUT_OF_RANGE;
            case 429 -> Status.RESOURCE_EXHAUSTED;
            case 503 -> Status.UNAVAILABLE;
            case 504 -> Status.DEADLINE_EXCEEDED;
            default -> Status.INTERNAL;
        };
    }
}
