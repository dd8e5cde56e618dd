package io.jollyboat.cel;

/** An error value: it travels up until a logical operator absorbs it or it becomes the result. */
public final class EvalError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** An error with the given text. */
    public EvalError(String message) {
        super(message, null, false, false);
    }

    static EvalError noSuchOverload() {
        return new EvalError("no such overload");
    }

    static EvalError noSuchOverload(String function) {
        return new EvalError("no such overload: " + function);
    }

    static EvalError conversion(Object value, String to) {
        return new EvalError("type conversion error from '" + Values.typeName(value) + "' to '" + to + "'");
    }
}
