package io.jollyboat.apiserver.rest;

import io.jollyboat.metrics.Metrics;
import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import io.prometheus.metrics.core.metrics.Gauge;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The requests that are worked on, those that last left out. Thread-safe. */
final class InFlight {
    private final GaugeDataPoint reading;
    private final GaugeDataPoint mutating;
    private final AtomicInteger count = new AtomicInteger();
    private volatile CountDownLatch none;

    InFlight(Metrics metrics) {
        Gauge gauge = metrics.gauge(
                "apiserver_current_inflight_requests", "Requests that are worked on now.", "request_kind");
        this.reading = gauge.labelValues("readOnly");
        this.mutating = gauge.labelValues("mutating");
    }

    void begun(String verb) {
        count.incrementAndGet();
        kind(verb).inc();
    }

    void ended(String verb) {
        kind(verb).dec();
        CountDownLatch waiting = none;
        if (count.decrementAndGet() == 0 && waiting != null) {
            waiting.countDown();
        }
    }

    private GaugeDataPoint kind(String verb) {
        return switch (verb) {
            case "get", "list", "watch" -> reading;
            default -> mutating;
        };
    }

    /** Waits until there is none, at most so long. */
    void drain(Duration most) {
        CountDownLatch waiting = new CountDownLatch(1);
        none = waiting;
        try {
            if (count.get() > 0 && !waiting.await(most.toNanos(), TimeUnit.NANOSECONDS)) {
                org.slf4j.LoggerFactory.getLogger(InFlight.class).warn("requests are cut off count={}", count.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
