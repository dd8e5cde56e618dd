package io.jollyboat.process;

/** A start that cannot succeed, for a reason that the user can mend; the message is the one line they see. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1;

    public StartException(String message) {
        super(message);
    }

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
