package io.jollyboat.values;

/** How a quantity is printed. */
public enum QuantityFormat {
    /** {@code 12M}. */
    DECIMAL_SI,
    /** {@code 12Mi}. */
    BINARY_SI,
    /** {@code 12e6}. */
    DECIMAL_EXPONENT
}
