package io.jollyboat.health;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** The named checks of a process. Thread-safe. */
public final class Health {
    private final List<Named> liveness = new CopyOnWriteArrayList<>();
    private final List<Named> readiness = new CopyOnWriteArrayList<>();

    /** A process that fails this should be started again. Counts for readiness too. */
    public void addLiveness(String name, Check check) {
        liveness.add(new Named(name, check));
    }

    /** A process that fails this should get no work for now. */
    public void addReadiness(String name, Check check) {
        readiness.add(new Named(name, check));
    }

    List<Named> live() {
        List<Named> checks = new ArrayList<>();
        checks.add(new Named("ping", Optional::empty));
        checks.addAll(liveness);
        return checks;
    }

    List<Named> ready() {
        List<Named> checks = live();
        checks.addAll(readiness);
        return checks;
    }

    /** A check; must answer quickly. */
    @FunctionalInterface
    public interface Check {
        /** Empty when all is well, else what is not. */
        Optional<String> failure();

        /** @param otherwise what to say when it is not */
        static Check that(BooleanSupplier well, String otherwise) {
            return () -> well.getAsBoolean() ? Optional.empty() : Optional.of(otherwise);
        }
    }

    record Named(String name, Check check) {}
}
