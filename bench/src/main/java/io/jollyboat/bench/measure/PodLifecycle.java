package io.jollyboat.bench.measure;

import io.jollyboat.bench.report.Figure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** From a pod's creation to Running, and from its deletion to its end, on real nodes. */
public final class PodLifecycle {
    private static final int SERIAL = 20;
    private static final int AT_ONCE = 30;

    private final Bench bench;

    public PodLifecycle(Bench bench) {
        this.bench = bench;
    }

    public void run() throws IOException {
        bench.createNamespace();
        oneAfterAnother();
        atOnce();
    }

    private void oneAfterAnother() throws IOException {
        List<Double> starts = new ArrayList<>();
        List<Double> ends = new ArrayList<>();
        for (int i = -2; i < SERIAL; i++) {
            String name = "serial-" + (i + 2);
            double start = start(name);
            double end = end(name);
            if (i >= 0) { // the first two warm up
                starts.add(start);
                ends.add(end);
            }
        }
        bench.report()
                .add(new Figure(
                        "pod start",
                        Map.of("pods", 1),
                        "ms",
                        starts,
                        Map.of("p99Millis", Figure.percentile(starts, 99))));
        bench.report()
                .add(new Figure(
                        "pod delete", Map.of("pods", 1), "ms", ends, Map.of("p99Millis", Figure.percentile(ends, 99))));
    }

    private double start(String name) throws IOException {
        try (PodEvents events = new PodEvents(bench, 1, e -> JsonText.has(e, "name", name) && PodEvents.running(e))) {
            long began = System.nanoTime();
            bench.client()
                    .call(bench.requests().post(bench.path("pods"), SamplePods.running(name, bench.image())))
                    .orFail("creating a pod");
            events.await("pod start", 120);
            return (events.lastNanos() - began) / 1e6;
        }
    }

    private double end(String name) throws IOException {
        try (PodEvents events = new PodEvents(bench, 1, e -> JsonText.has(e, "name", name) && PodEvents.deleted(e))) {
            long began = System.nanoTime();
            bench.client()
                    .call(bench.requests().delete(bench.path("pods") + "/" + name))
                    .orFail("deleting a pod");
            events.await("pod delete", 120);
            return (events.lastNanos() - began) / 1e6;
        }
    }

    private void atOnce() throws IOException {
        List<Double> times = new ArrayList<>();
        for (int run = 0; run < bench.runs(); run++) {
            String prefix = "burst-" + run + "-";
            try (PodEvents started =
                    new PodEvents(bench, AT_ONCE, e -> e.contains("\"name\":\"" + prefix) && PodEvents.running(e))) {
                long began = System.nanoTime();
                bench.client()
                        .run(
                                AT_ONCE,
                                AT_ONCE,
                                60,
                                n -> bench.requests()
                                        .post(bench.path("pods"), SamplePods.running(prefix + n, bench.image())))
                        .orFail("creating pods");
                started.await("pods at once", 300);
                times.add((started.lastNanos() - began) / 1e6);
            }
            try (PodEvents gone =
                    new PodEvents(bench, AT_ONCE, e -> e.contains("\"name\":\"" + prefix) && PodEvents.deleted(e))) {
                bench.client()
                        .run(AT_ONCE, AT_ONCE, 60, n -> bench.requests().delete(bench.path("pods") + "/" + prefix + n))
                        .orFail("deleting pods");
                gone.await("deleting pods", 300);
            }
        }
        bench.report().add(new Figure("pod start, last", Map.of("pods", AT_ONCE), "ms", times, Map.of()));
    }
}
