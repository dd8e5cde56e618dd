package io.jollyboat.codec;

/** What becomes of unknown and duplicate fields, as the request's {@code fieldValidation} parameter says. */
public enum Strictness {
    /** They fail the request. */
    STRICT,
    /** They are dropped and reported. */
    WARN,
    /** They are dropped. */
    IGNORE
}
