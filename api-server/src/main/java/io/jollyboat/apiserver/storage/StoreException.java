package io.jollyboat.apiserver.storage;

import io.jollyboat.errors.ApiException;

/** A failure of the store, worded as etcd words it. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What is known of a failed call. */
    public enum Kind {
        /** The store could not be reached: nothing was changed. */
        UNAVAILABLE,
        /** No answer in time: a write may have happened, or happen yet. */
        TIMED_OUT,
        /** The connection broke, or etcd gave up, during a write: it may or may not have happened. */
        OUTCOME_UNKNOWN,
        /** The revision is no longer kept. */
        COMPACTED,
        /** The revision is still to come. */
        FUTURE_REVISION,
        /** The store refused the call as such: too large, no space, no such lease. */
        REFUSED
    }

    private final Kind kind;

    public StoreException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public StoreException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** The Status that upstream gives for it. Nobody may take 500 or 504 for a write that did not happen. */
    public ApiException toApiException() {
        return switch (kind) {
            case TIMED_OUT ->
                ApiException.of(
                                504,
                                "Timeout",
                                "Timeout: request did not complete within requested timeout - " + getMessage())
                        .withOutcomeUnknown();
            case COMPACTED -> ApiException.of(410, "Expired", "The resourceVersion for the provided list is too old.");
            case UNAVAILABLE -> ApiException.of(503, "ServiceUnavailable", getMessage());
            case OUTCOME_UNKNOWN -> ApiException.of(500, "", getMessage()).withOutcomeUnknown();
            case FUTURE_REVISION, REFUSED -> ApiException.of(500, "", getMessage());
        };
    }
}
