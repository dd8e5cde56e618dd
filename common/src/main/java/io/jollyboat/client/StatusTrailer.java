package io.jollyboat.client;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.errors.ApiException;

/** The {@code meta.v1 Status} that a failed call of the gRPC door carries in its trailers. */
public final class StatusTrailer {
    public static final Metadata.Key<byte[]> KEY =
            Metadata.Key.of("jollyboat-status-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private StatusTrailer() {}

    /** What the server said; where the server was not heard, 503, or 504 when it was too slow. */
    public static ApiException toApiException(StatusRuntimeException error) {
        byte[] bytes = error.getTrailers() == null ? null : error.getTrailers().get(KEY);
        if (bytes != null) {
            try {
                return new ApiException(Status.parseFrom(bytes));
            } catch (InvalidProtocolBufferException e) {
                return ApiException.of(500, "InternalError", "the server's error cannot be read: " + e.getMessage());
            }
        }
        return fromCode(error.getStatus());
    }

    private static ApiException fromCode(io.grpc.Status status) {
        String text = status.getDescription() == null ? status.getCode().name() : status.getDescription();
        if (status.getCause() != null && status.getCause().getMessage() != null) {
            text = text + ": " + status.getCause().getMessage();
        }
        return switch (status.getCode()) {
            case DEADLINE_EXCEEDED -> ApiException.of(504, "Timeout", text);
            case UNAUTHENTICATED -> ApiException.of(401, "Unauthorized", text);
            case PERMISSION_DENIED -> ApiException.of(403, "Forbidden", text);
            case UNIMPLEMENTED -> ApiException.of(501, "NotImplemented", text);
            case INVALID_ARGUMENT -> ApiException.of(400, "BadRequest", text);
            case RESOURCE_EXHAUSTED -> ApiException.of(429, "TooManyRequests", text);
            case UNAVAILABLE, CANCELLED, ABORTED -> ApiException.of(503, "ServiceUnavailable", text);
            case OK, UNKNOWN, NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION, OUT_OF_RANGE, INTERNAL, DATA_LOSS ->
                ApiException.of(500, "InternalError", text);
        };
    }
}
