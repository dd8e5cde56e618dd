package io.jollyboat.apiserver.audit;

import io.jollyboat.metrics.Metrics;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import java.util.EnumMap;
import java.util.Map;

/** Counts what is written to the audit log and what is lost, under upstream's names. */
final class AuditMetrics {
    private final CounterDataPoint events;
    private final Map<AuditLevel, CounterDataPoint> levels = new EnumMap<>(AuditLevel.class);
    private final Counter errors;

    AuditMetrics(Metrics metrics) {
        this.events = metrics.counter("apiserver_audit_event_total", "Events that were made for the audit log.")
                .labelValues();
        Counter byLevel =
                metrics.counter("apiserver_audit_level_total", "Requests by what the policy wants of them.", "level");
        for (AuditLevel level : AuditLevel.values()) {
            levels.put(level, byLevel.labelValues(level.text()));
        }
        this.errors = metrics.counter("apiserver_audit_error_total", "Events that were lost.", "plugin");
    }

    void decided(AuditLevel level) {
        levels.get(level).inc();
    }

    void written() {
        events.inc();
    }

    /** @param sink log or webhook */
    CounterDataPoint lost(String sink) {
        return errors.labelValues(sink);
    }
}
