package io.jollyboat.apiserver;

import java.util.Random;
import java.util.function.Consumer;

/**
 * Runs a property on chance, again and again from new seeds. A failure names its seed; {@code -Djolly.seed=N} runs that
 * one alone.
 */
public final class Seeds {
    private Seeds() {}

    /** @param property gets a generator of its own at each try */
    public static void each(int tries, Consumer<Random> property) {
        Long only = Long.getLong("jolly.seed");
        Random seeds = new Random();
        for (int i = 0; i < (only == null ? tries : 1); i++) {
            long seed = only == null ? seeds.nextLong() : only;
            try {
                property.accept(new Random(seed));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("fails with -Djolly.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
