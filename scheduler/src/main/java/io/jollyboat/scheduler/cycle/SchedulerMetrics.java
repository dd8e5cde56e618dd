package io.jollyboat.scheduler.cycle;

import io.jollyboat.metrics.Metrics;
import io.jollyboat.scheduler.queue.PodQueue;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;

/** The scheduler's figures, under upstream's names. */
final class SchedulerMetrics {
    private final String profile;
    private final Counter attempts;
    private final Histogram attemptSeconds;
    private final Histogram podSeconds;
    private final Gauge pending;

    SchedulerMetrics(Metrics metrics, String profile) {
        this.profile = profile;
        attempts = metrics.counter(
                "scheduler_schedule_attempts", "Attempts to place a pod by their result", "result", "profile");
        attemptSeconds = metrics.seconds(
                "scheduler_scheduling_attempt_duration_seconds",
                "How long the choice of a node took",
                "result",
                "profile");
        podSeconds = metrics.seconds(
                "scheduler_pod_scheduling_sli_duration_seconds", "From a pod's arrival to its binding", "attempts");
        pending = metrics.gauge("scheduler_pending_pods", "Waiting pods by queue", "queue");
    }

    void attempted(String result, long nanos) {
        attempts.labelValues(result, profile).inc();
        attemptSeconds.labelValues(result, profile).observe(nanos / 1e9);
    }

    void bound(int attempts, long nanos) {
        podSeconds
                .labelValues(attempts >= 15 ? "15+" : Integer.toString(attempts))
                .observe(nanos / 1e9);
    }

    void pending(PodQueue queue) {
        pending.labelValues("active").set(queue.activeCount());
        pending.labelValues("backoff").set(queue.backOffCount());
        pending.labelValues("unschedulable").set(queue.unschedulableCount());
    }
}
