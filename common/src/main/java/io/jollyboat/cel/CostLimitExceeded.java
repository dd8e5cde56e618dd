package io.jollyboat.cel;

/** Ends an evaluation that has become too expensive; nothing in an expression can catch it. */
final class CostLimitExceeded extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CostLimitExceeded() {
        super("operation cancelled: actual cost limit exceeded", null, false, false);
    }
}
