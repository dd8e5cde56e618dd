package io.jollyboat.apiserver.encryption;

import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;

/** Counts values encrypted and decrypted, under upstream's names. */
final class EncryptionMetrics {
    static final String OK = "OK";

    /** What gRPC calls a failure of no kind of its own. */
    static final String FAILED = "Unknown";

    private static final String TO = "to_storage";
    private static final String FROM = "from_storage";

    private final Runtime runtime;
    private final Histogram durations;
    private final Counter operations;
    private final Histogram calls;
    private final Gauge kept;

    EncryptionMetrics(Metrics metrics, Runtime runtime) {
        this.runtime = runtime;
        this.durations = metrics.histogram(
                "apiserver_storage_transformation_duration_seconds",
                "How long it took to encrypt or decrypt a value.",
                doubling(5e-6, 25),
                "transformation_type",
                "transformer_prefix");
        this.operations = metrics.counter(
                "apiserver_storage_transformation_operations_total",
                "Values encrypted or decrypted.",
                "resource",
                "transformation_type",
                "transformer_prefix",
                "status");
        this.calls = metrics.histogram(
                "apiserver_envelope_encryption_kms_operations_latency_seconds",
                "How long a key management service's plugin took.",
                doubling(1e-4, 20),
                "provider_name",
                "method_name",
                "grpc_status_code");
        this.kept = metrics.gauge(
                "apiserver_envelope_encryption_dek_source_cache_size",
                "Sources of keys that are kept.",
                "provider_name");
    }

    /** @param code gRPC's, as OK or DeadlineExceeded */
    void called(String provider, String method, long begun, String code) {
        calls.labelValues(provider, method, code).observe((runtime.nanoTime() - begun) / 1e9);
    }

    /** @param sources of keys that are at hand */
    void kept(String provider, int sources) {
        kept.labelValues(provider).set(sources);
    }

    private static double[] doubling(double first, int count) {
        double[] bounds = new double[count];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = first * (1 << i);
        }
        return bounds;
    }

    long now() {
        return runtime.nanoTime();
    }

    /** @param status OK, or upstream's name of another state */
    void sealed(String resource, Transformer by, long begun, String status) {
        done(resource, TO, by.prefix().toStringUtf8(), begun, status);
    }

    /** @param by null where none reads it */
    void opened(String resource, Transformer by, long begun, String status) {
        done(resource, FROM, by == null ? "unknown" : by.prefix().toStringUtf8(), begun, status);
    }

    private void done(String resource, String type, String prefix, long begun, String status) {
        operations.labelValues(resource, type, prefix, status).inc();
        if (status.equals(OK)) {
            durations.labelValues(type, prefix).observe((runtime.nanoTime() - begun) / 1e9);
        }
    }
}
