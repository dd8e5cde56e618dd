package io.jollyboat.proxy.sync;

import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;
import java.time.Instant;

/** How well the node's rules follow the API. Thread-safe. */
public final class SyncStatus {
    /** Changes that wait longer mean that the proxy is broken. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final double NANOS = 1e9;

    private final Runtime runtime;
    private final Histogram duration;
    private final Gauge last;
    private final Counter failures;
    private Instant lastUpdated = Instant.EPOCH;
    private Instant oldestQueued;

    public SyncStatus(Metrics metrics, Runtime runtime) {
        this.runtime = runtime;
        this.duration = metrics.seconds(
                "kubeproxy_sync_proxy_rules_duration_seconds", "How long it took to write rules.", "scope");
        this.last = metrics.gauge(
                "kubeproxy_sync_proxy_rules_last_timestamp_seconds", "When rules were last written successfully.");
        this.failures = metrics.counter(
                "kubeproxy_sync_proxy_rules_nftables_sync_failures_total", "How often writing rules failed.");
    }

    synchronized void queued() {
        if (oldestQueued == null) {
            oldestQueued = runtime.now();
        }
    }

    synchronized void synced(long beganNanos, boolean full) {
        oldestQueued = null;
        lastUpdated = runtime.now();
        duration.labelValues(full ? "full" : "partial").observe((runtime.nanoTime() - beganNanos) / NANOS);
        last.set(lastUpdated.toEpochMilli() / 1e3);
    }

    void failed() {
        failures.inc();
    }

    /** Nothing waits, or not for long. */
    public synchronized boolean healthy() {
        return oldestQueued == null || oldestQueued.plus(PATIENCE).isAfter(runtime.now());
    }

    /** Rules were written at least once. */
    public synchronized boolean everSynced() {
        return !lastUpdated.equals(Instant.EPOCH);
    }

    /** When everything was as the API asks, for the last time. */
    public synchronized Instant lastUpdated() {
        return oldestQueued == null && everSynced() ? runtime.now() : lastUpdated;
    }
}
