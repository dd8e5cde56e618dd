package io.jollyboat.kubelet.probes;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Probe;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Asks one question of one container instance, again and again, and counts the answers against the thresholds. */
final class ProbeWorker {
    /** How often a worker looks whether the container has started up. */
    private static final Duration HOLD = Duration.ofMillis(200);

    private final ProbeKind kind;
    private final Probe probe;
    private final Container container;
    private final String containerId;
    private final String podIp;
    private final Instant startedAt;
    private final Prober prober;
    private final Runtime runtime;
    private final BooleanSupplier mayRun;
    private final Consumer<ProbeResult> failed;
    private final Consumer<Boolean> verdict;
    private Thread thread;

    /**
     * @param mayRun false while the container has not started up
     * @param failed hears of each failure
     * @param verdict hears each change past a threshold; a worker ends after a final one
     */
    ProbeWorker(
            ProbeKind kind,
            Probe probe,
            Container container,
            String containerId,
            String podIp,
            Instant startedAt,
            Prober prober,
            Runtime runtime,
            BooleanSupplier mayRun,
            Consumer<ProbeResult> failed,
            Consumer<Boolean> verdict) {
        this.kind = kind;
        this.probe = probe;
        this.container = container;
        this.containerId = containerId;
        this.podIp = podIp;
        this.startedAt = startedAt;
        this.prober = prober;
        this.runtime = runtime;
        this.mayRun = mayRun;
        this.failed = failed;
        this.verdict = verdict;
    }

    void start() {
        thread = runtime.start("probe " + container.getName(), this::run);
    }

    void stop() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (!mayRun.getAsBoolean()) {
                runtime.sleep(HOLD);
            }
            Duration early = Duration.between(runtime.now(), startedAt.plusSeconds(probe.getInitialDelaySeconds()));
            if (early.isPositive()) {
                runtime.sleep(early);
            }
            repeat();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void repeat() throws InterruptedException {
        Duration period = Duration.ofSeconds(probe.getPeriodSeconds() > 0 ? probe.getPeriodSeconds() : 10);
        Boolean told = null;
        boolean last = false;
        int inRow = 0;
        while (!Thread.currentThread().isInterrupted()) {
            ProbeResult result = prober.probe(probe, container, containerId, podIp);
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            if (!result.success()) {
                failed.accept(result);
            }
            inRow = inRow > 0 && last == result.success() ? inRow + 1 : 1;
            last = result.success();
            int threshold = last ? Math.max(1, probe.getSuccessThreshold()) : failureThreshold();
            if (inRow >= threshold && (told == null || told != last)) {
                told = last;
                verdict.accept(last);
                // A container that is to be killed, or has started up, is not asked again.
                if (kind == ProbeKind.STARTUP || (kind == ProbeKind.LIVENESS && !last)) {
                    return;
                }
            }
            runtime.sleep(period);
        }
    }

    private int failureThreshold() {
        return probe.getFailureThreshold() > 0 ? probe.getFailureThreshold() : 3;
    }
}
