package io.jollyboat.apiserver.admission;

import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** How long admission takes, as a whole and plugin by plugin, under upstream's names. */
final class AdmissionMetrics {
    static final String ADMIT = "admit";
    static final String VALIDATE = "validate";
    private static final double[] BOUNDS = {0.005, 0.025, 0.1, 0.5, 1, 2.5};

    private final Runtime runtime;
    private final Histogram steps;
    private final Histogram controllers;

    AdmissionMetrics(Metrics metrics, Runtime runtime) {
        this.runtime = runtime;
        this.steps = metrics.histogram(
                "apiserver_admission_step_admission_duration_seconds",
                "How long all plugins took together.",
                BOUNDS,
                "type",
                "operation",
                "rejected");
        this.controllers = metrics.histogram(
                "apiserver_admission_controller_admission_duration_seconds",
                "How long a plugin took.",
                BOUNDS,
                "name",
                "type",
                "operation",
                "rejected");
    }

    Timed step(String type) {
        return new Timed(steps, type);
    }

    Timed controller(AdmissionPlugin plugin, String type) {
        return new Timed(controllers, plugin.name(), type);
    }

    /** One thing that is timed. Its series are looked up once. */
    final class Timed {
        private final Histogram histogram;
        private final String[] labels;
        private final Map<Operation, DistributionDataPoint> passed = new ConcurrentHashMap<>();
        private final Map<Operation, DistributionDataPoint> rejected = new ConcurrentHashMap<>();

        private Timed(Histogram histogram, String... labels) {
            this.histogram = histogram;
            this.labels = labels;
        }

        <T> T run(Operation operation, Supplier<T> work) {
            long begun = runtime.nanoTime();
            boolean refused = true;
            try {
                T result = work.get();
                refused = false;
                return result;
            } finally {
                series(operation, refused).observe((runtime.nanoTime() - begun) / 1e9);
            }
        }

        private DistributionDataPoint series(Operation operation, boolean wasRejected) {
            Map<Operation, DistributionDataPoint> known = wasRejected ? rejected : passed;
            DistributionDataPoint point = known.get(operation);
            return point == null
                    ? known.computeIfAbsent(operation, one -> histogram.labelValues(labels(one, wasRejected)))
                    : point;
        }

        private String[] labels(Operation operation, boolean wasRejected) {
            String[] all = Arrays.copyOf(labels, labels.length + 2);
            all[labels.length] = operation.name();
            all[labels.length + 1] = Boolean.toString(wasRejected);
            return all;
        }
    }
}
