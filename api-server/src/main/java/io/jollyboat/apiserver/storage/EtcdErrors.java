package io.jollyboat.apiserver.storage;

import io.grpc.Status;
import io.jollyboat.apiserver.storage.StoreException.Kind;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLHandshakeException;

/** What a failed call to etcd means. */
final class EtcdErrors {
    private EtcdErrors() {}

    /** @param write whether it matters that the call may have had its effect */
    static StoreException of(Throwable error, boolean write) {
        Status status = Status.fromThrowable(error);
        return new StoreException(kind(status, write), message(status), error);
    }

    private static Kind kind(Status status, boolean write) {
        return switch (status.getCode()) {
            case OUT_OF_RANGE -> message(status).contains("future") ? Kind.FUTURE_REVISION : Kind.COMPACTED;
            case INVALID_ARGUMENT,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    PERMISSION_DENIED,
                    RESOURCE_EXHAUSTED,
                    FAILED_PRECONDITION,
                    UNIMPLEMENTED,
                    UNAUTHENTICATED -> Kind.REFUSED;
            case DEADLINE_EXCEEDED -> Kind.TIMED_OUT;
            case UNAVAILABLE, CANCELLED, ABORTED, INTERNAL, UNKNOWN, DATA_LOSS, OK ->
                write && !neverConnected(status) ? Kind.OUTCOME_UNKNOWN : Kind.UNAVAILABLE;
        };
    }

    private static boolean neverConnected(Status status) {
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof SSLHandshakeException) {
                return true;
            }
        }
        return false;
    }

    private static String message(Status status) {
        // The first line: gRPC lists the pipeline's handlers below it.
        String text = status.getDescription() == null
                ? ""
                : status.getDescription().lines().findFirst().orElse("");
        if (text.startsWith("etcdserver:")) {
            return text;
        }
        if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
            return "context deadline exceeded";
        }
        // As Go's clients print it, which is what upstream's users know.
        String cause = status.getCause() == null ? "" : ": " + status.getCause().getMessage();
        return "rpc error: code = " + camel(status.getCode().name()) + " desc = " + text + cause;
    }

    private static String camel(String code) {
        StringBuilder camel = new StringBuilder();
        for (String word : code.split("_")) {
            camel.append(word.charAt(0)).append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
        }
        return camel.toString();
    }
}
