package io.jollyboat.kubelet.probes;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Probe;
import java.util.Optional;

/** The three questions that are asked of a container. */
enum ProbeKind {
    STARTUP("Startup"),
    LIVENESS("Liveness"),
    READINESS("Readiness");

    private final String title;

    ProbeKind(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    Optional<Probe> of(Container container) {
        return switch (this) {
            case STARTUP -> container.hasStartupProbe() ? Optional.of(container.getStartupProbe()) : Optional.empty();
            case LIVENESS ->
                container.hasLivenessProbe() ? Optional.of(container.getLivenessProbe()) : Optional.empty();
            case READINESS ->
                container.hasReadinessProbe() ? Optional.of(container.getReadinessProbe()) : Optional.empty();
        };
    }
}
