package io.jollyboat.apiserver.flow;

import io.jollyboat.metrics.Metrics;
import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;

/** What is counted of one level, by upstream's names. */
final class LevelMetrics {
    private static final String LEVEL = "priority_level";
    private static final String SCHEMA = "flow_schema";

    private final String level;
    private final GaugeDataPoint running;
    private final GaugeDataPoint waiting;
    private final GaugeDataPoint nominal;
    private final GaugeDataPoint current;
    private final Counter dispatched;
    private final Counter rejected;
    private final Histogram waits;

    LevelMetrics(Metrics metrics, String level) {
        this.level = level;
        this.running = metrics.gauge("apiserver_flowcontrol_current_executing_seats", "Seats that are taken.", LEVEL)
                .labelValues(level);
        this.waiting = metrics.gauge(
                        "apiserver_flowcontrol_current_inqueue_requests", "Requests that wait in queues.", LEVEL)
                .labelValues(level);
        this.nominal = metrics.gauge(
                        "apiserver_flowcontrol_nominal_limit_seats", "The level's share of the seats.", LEVEL)
                .labelValues(level);
        this.current = metrics.gauge(
                        "apiserver_flowcontrol_current_limit_seats", "The level's seats with what is lent.", LEVEL)
                .labelValues(level);
        this.dispatched = metrics.counter(
                "apiserver_flowcontrol_dispatched_requests_total", "Requests that were served.", LEVEL, SCHEMA);
        this.rejected = metrics.counter(
                "apiserver_flowcontrol_rejected_requests_total",
                "Requests that were refused.",
                LEVEL,
                SCHEMA,
                "reason");
        this.waits = metrics.seconds(
                "apiserver_flowcontrol_request_wait_duration_seconds",
                "How long requests waited in queues.",
                LEVEL,
                SCHEMA,
                "execute");
    }

    void running(int seats) {
        running.set(seats);
    }

    void waiting(int requests) {
        waiting.set(requests);
    }

    void limits(int share, int seats) {
        nominal.set(share);
        current.set(seats);
    }

    void dispatched(String schema) {
        dispatched.labelValues(level, schema).inc();
    }

    void rejected(String schema, String reason) {
        rejected.labelValues(level, schema, reason).inc();
    }

    void waited(String schema, boolean served, long nanos) {
        waits.labelValues(level, schema, Boolean.toString(served)).observe(nanos / 1e9);
    }
}
