package io.jollyboat.cel;

/** A step of a program. Steps charge what cel-go's cost tracker would charge for them. */
abstract class Node {

    /** The step's value; an {@link EvalError} where cel-go has an error value. */
    abstract Object eval(Frame frame);

    /** A value known when the program was made; it costs nothing. */
    static final class Const extends Node {
        final Object value;

        Const(Object value) {
            this.value = value;
        }

        @Override
        Object eval(Frame frame) {
            return value;
        }
    }
}
