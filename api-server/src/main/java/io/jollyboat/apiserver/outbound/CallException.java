package io.jollyboat.apiserver.outbound;

/** A call that got no answer; the message is worded as Go's HTTP client words it. */
public final class CallException extends Exception {
    private static final long serialVersionUID = 1;

    public CallException(String message) {
        super(message, null, false, false);
    }
}
