package io.jollyboat.cel;

/** What compiling an expression gave: a program, or what is wrong with the expression. */
public sealed interface CelCompilation permits CelProgram, CelCompilation.Failure {

    /**
     * An expression that does not compile.
     *
     * @param message upstream's text after the field path, such as {@code compilation failed: ERROR: <input>:1:1: …}
     */
    record Failure(String message) implements CelCompilation {}
}
