package io.jollyboat.cel;

/** The value of {@code null} in an expression. */
public enum Null {
    NULL;

    @Override
    public String toString() {
        return "NullType";
    }
}
