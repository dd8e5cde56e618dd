package io.jollyboat.cel;

/**
 * The end of an evaluation.
 *
 * @param value the result, null if there was an error
 * @param error what went wrong, or null
 * @param cost what it cost
 * @param costExceeded whether the error is that it became too expensive
 */
public record CelOutcome(Object value, String error, long cost, boolean costExceeded) {

    /** Whether there is no value. */
    public boolean failed() {
        return error != null;
    }

    /** Whether the value is {@code true}. */
    public boolean isTrue() {
        return Boolean.TRUE.equals(value);
    }
}
