package io.jollyboat.apiserver.webhook;

import io.jollyboat.apiserver.admission.AdmissionRequest;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;

/** Counts calls of webhooks, under upstream's names. */
final class HookMetrics {
    /** Whose fault a refusal is. */
    enum Fault {
        CALLING_WEBHOOK_ERROR,
        APISERVER_INTERNAL_ERROR,
        NO_ERROR
    }

    private static final double[] BOUNDS = {0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, 25};

    /** Webhooks may invent codes. */
    private static final int LARGEST_CODE = 600;

    private final Runtime runtime;
    private final String type;
    private final Histogram durations;
    private final Counter requests;
    private final Counter rejections;
    private final Counter failOpen;

    /** @param type admit or validating */
    HookMetrics(Metrics metrics, Runtime runtime, String type) {
        this.runtime = runtime;
        this.type = type;
        this.durations = metrics.histogram(
                "apiserver_admission_webhook_admission_duration_seconds",
                "How long a webhook took.",
                BOUNDS,
                "name",
                "type",
                "operation",
                "rejected");
        this.requests = metrics.counter(
                "apiserver_admission_webhook_request_total",
                "Calls of webhooks.",
                "name",
                "type",
                "operation",
                "code",
                "rejected");
        this.rejections = metrics.bareCounter(
                "apiserver_admission_webhook_rejection_count",
                "Requests refused by webhooks, or for their failures.",
                "name",
                "type",
                "operation",
                "error_type",
                "rejection_code");
        this.failOpen = metrics.bareCounter(
                "apiserver_admission_webhook_fail_open_count",
                "Failures of webhooks that their policy ignores.",
                "name",
                "type");
    }

    long now() {
        return runtime.nanoTime();
    }

    /** The webhook let it pass. */
    void passed(AdmissionRequest request, Hook hook, long begun) {
        observe(request, hook, begun, 200, false);
    }

    /** @param code of the answer; 0 where there is none */
    void rejected(AdmissionRequest request, Hook hook, long begun, Fault fault, int code) {
        int counted = Math.min(code, LARGEST_CODE);
        rejections
                .labelValues(
                        hook.name(),
                        type,
                        request.operation().name(),
                        fault.name().toLowerCase(java.util.Locale.ROOT),
                        Integer.toString(counted))
                .inc();
        observe(request, hook, begun, counted, true);
    }

    /** It failed, which its policy ignores. */
    void failedOpen(AdmissionRequest request, Hook hook, long begun, int code) {
        failOpen.labelValues(hook.name(), type).inc();
        observe(request, hook, begun, Math.min(code, LARGEST_CODE), false);
    }

    private void observe(AdmissionRequest request, Hook hook, long begun, int code, boolean rejected) {
        String operation = request.operation().name();
        String outcome = Boolean.toString(rejected);
        requests.labelValues(hook.name(), type, operation, Integer.toString(code), outcome)
                .inc();
        durations.labelValues(hook.name(), type, operation, outcome).observe((runtime.nanoTime() - begun) / 1e9);
    }
}
