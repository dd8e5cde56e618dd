package io.jollyboat.controller;

import io.jollyboat.metrics.Metrics;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.datapoints.GaugeDataPoint;

/** A work queue's figures, under upstream's names. */
final class QueueMetrics {
    private final GaugeDataPoint depth;
    private final CounterDataPoint adds;
    private final CounterDataPoint retries;
    private final DistributionDataPoint waited;

    QueueMetrics(String name, Metrics metrics) {
        depth = metrics.gauge("workqueue_depth", "Keys ready for work", "name").labelValues(name);
        adds = metrics.counter("workqueue_adds", "Keys added", "name").labelValues(name);
        retries = metrics.counter("workqueue_retries", "Keys added after a failure", "name")
                .labelValues(name);
        waited = metrics.seconds("workqueue_queue_duration_seconds", "How long keys waited", "name")
                .labelValues(name);
    }

    void added() {
        adds.inc();
    }

    void retried() {
        retries.inc();
    }

    void depth(int size) {
        depth.set(size);
    }

    void taken(long waitedNanos, int size) {
        depth.set(size);
        waited.observe(waitedNanos / 1e9);
    }
}
