package io.jollyboat.cli;

import java.io.PrintStream;

/** Tells the user what goes on, one line a step, with the seconds since the start. */
final class Progress {
    private final PrintStream out;
    private final long startNanos = Wait.nanoTime();

    Progress(PrintStream out) {
        this.out = out;
    }

    void step(String text) {
        out.printf("%5.1f s  %s%n", seconds(), text);
        out.flush();
    }

    double seconds() {
        return (Wait.nanoTime() - startNanos) / 1e9;
    }
}
