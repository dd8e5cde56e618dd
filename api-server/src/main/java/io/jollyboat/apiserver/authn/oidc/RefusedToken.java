package io.jollyboat.apiserver.authn.oidc;

/** A token that does not hold; says why, for the log and for TokenReview. */
final class RefusedToken extends Exception {
    private static final long serialVersionUID = 1;

    RefusedToken(String message) {
        // An expected outcome on a hot path: no stack trace.
        super(message, null, false, false);
    }
}
