package io.jollyboat.apiserver.flow;

/** Too many requests: this one is not served. */
public final class Rejection extends Exception {
    private static final long serialVersionUID = 1;

    private final long retryAfterSeconds;

    Rejection(String reason, long retryAfterSeconds) {
        super(reason, null, false, false);
        this.retryAfterSeconds = retryAfterSeconds;
    }

    public long retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
