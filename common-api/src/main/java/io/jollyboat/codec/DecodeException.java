package io.jollyboat.codec;

/** Input that is no object of the wanted kind. The message is upstream's text of the innermost error. */
public final class DecodeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Where decoding stopped. */
    public enum Stage {
        /** The input is not well-formed JSON, YAML or protobuf. */
        SYNTAX,
        /** A value has the wrong type or cannot be parsed. */
        TYPE,
        /** Unknown or duplicate fields under {@link Strictness#STRICT}. */
        STRICT
    }

    private final Stage stage;

    public DecodeException(Stage stage, String message) {
        // Expected on a request path: no stack trace.
        super(message, null, false, false);
        this.stage = stage;
    }

    public Stage stage() {
        return stage;
    }

    static DecodeException syntax(String message) {
        return new DecodeException(Stage.SYNTAX, message);
    }

    static DecodeException type(String message) {
        return new DecodeException(Stage.TYPE, message);
    }
}
