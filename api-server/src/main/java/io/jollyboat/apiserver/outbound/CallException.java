package io.jollyboat.apiserver.outbound;

/** A call that got no answer, or not a good one; the message is worded as Go's HTTP client words it. */
public final class CallException extends Exception {
    private static final long serialVersionUID = 1;

    private final int code;

    public CallException(String message) {
        this(message, 0);
    }

    /** @param code of the answer there was */
    public CallException(String message, int code) {
        super(message, null, false, false);
        this.code = code;
    }

    /** 0 where there was no answer, or none that could be read. */
    public int code() {
        return code;
    }
}
