package io.jollyboat.apiserver.authn;

/** Credentials that do not hold; the message says why, for the log and for TokenReview, never for the client. */
final class Unauthenticated extends Exception {
    private static final long serialVersionUID = 1;

    Unauthenticated(String message) {
        // An expected outcome on a hot path: no stack trace.
        super(message, null, false, false);
    }
}
