package io.jollyboat.cli;

import io.jollyboat.runtime.Runtime;
import io.jollyboat.runtime.SystemRuntime;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits on conditions, with a deadline. */
final class Wait {
    private static final Runtime RUNTIME = SystemRuntime.instance();

    private Wait() {}

    /** Looks every few milliseconds; false when the time is over first. */
    static boolean until(long timeoutMillis, BooleanSupplier condition) {
        long end = RUNTIME.nanoTime() + timeoutMillis * 1_000_000;
        while (!condition.getAsBoolean()) {
            if (RUNTIME.nanoTime() > end) {
                return false;
            }
            try {
                RUNTIME.sleep(Duration.ofMillis(15));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CliException("interrupted", e);
            }
        }
        return true;
    }

    static long nanoTime() {
        return RUNTIME.nanoTime();
    }
}
