package io.jollyboat.apiserver.cache;

import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What is counted of one resource, by upstream's names. */
final class ResourceMetrics {
    /** What the store is asked for. */
    enum Operation {
        GET,
        CREATE,
        UPDATE,
        DELETE
    }

    private final Runtime runtime;
    private final Map<Operation, DistributionDataPoint> durations = new EnumMap<>(Operation.class);
    private final Map<Operation, CounterDataPoint> errors = new EnumMap<>(Operation.class);
    private final GaugeDataPoint objects;
    private final GaugeDataPoint stored;
    private final CounterDataPoint events;
    private final CounterDataPoint received;
    private final CounterDataPoint terminatedWatchers;

    ResourceMetrics(Metrics metrics, Runtime runtime, StoredResource resource) {
        this.runtime = runtime;
        String group = resource.group();
        String plural = resource.plural();
        for (Operation operation : Operation.values()) {
            String name = operation.name().toLowerCase(Locale.ROOT);
            durations.put(
                    operation,
                    metrics.seconds(
                                    "etcd_request_duration_seconds",
                                    "How long the store takes to answer.",
                                    "operation",
                                    "group",
                                    "resource")
                            .labelValues(name, group, plural));
            errors.put(
                    operation,
                    metrics.counter(
                                    "etcd_request_errors_total",
                                    "Calls to the store that failed.",
                                    "operation",
                                    "group",
                                    "resource")
                            .labelValues(name, group, plural));
        }
        objects = metrics.gauge("apiserver_resource_objects", "Stored objects.", "group", "resource")
                .labelValues(group, plural);
        // The same by the name that it had before 1.34, which dashboards still ask for.
        stored = metrics.gauge("apiserver_storage_objects", "Stored objects.", "resource")
                .labelValues(group.isEmpty() ? plural : plural + "." + group);
        events = metrics.counter(
                        "apiserver_watch_cache_events_received_total",
                        "Changes the watch cache was told of.",
                        "group",
                        "resource")
                .labelValues(group, plural);
        received = metrics.counter(
                        "apiserver_storage_events_received_total", "Changes the store told of.", "group", "resource")
                .labelValues(group, plural);
        terminatedWatchers = metrics.counter(
                        "apiserver_terminated_watchers_total",
                        "Watches that were ended because their reader was too slow.",
                        "group",
                        "resource")
                .labelValues(group, plural);
    }

    /** Calls the store, measures, waits. */
    <T> T timed(Operation operation, Supplier<CompletableFuture<T>> call) {
        long begun = runtime.nanoTime();
        boolean done = false;
        try {
            T answer = CacheErrors.join(call.get());
            done = true;
            return answer;
        } finally {
            durations.get(operation).observe((runtime.nanoTime() - begun) / 1e9);
            if (!done) {
                errors.get(operation).inc();
            }
        }
    }

    void changed(int objectsNow) {
        events.inc();
        received.inc();
        filled(objectsNow);
    }

    void filled(int objectsNow) {
        objects.set(objectsNow);
        stored.set(objectsNow);
    }

    void watcherTerminated() {
        terminatedWatchers.inc();
    }
}
