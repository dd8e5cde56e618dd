package io.jollyboat.cel;

/** A value of a type that only the function libraries know: a quantity, an address, an authorizer. */
interface OpaqueValue {

    /** The name of its type in expressions. */
    String typeName();

    /** What {@code size} would be, where costs need it; 1 for values without a size. */
    default long costSize() {
        return 1;
    }
}
