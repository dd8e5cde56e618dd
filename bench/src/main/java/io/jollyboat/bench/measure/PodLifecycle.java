package io.jollyboat.bench.measure;

import io.jollyboat.bench.report.Figure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From a pod's creation to Running, and from its deletion to its end, on real nodes. With a runtime of its own it takes
 * turns between the cluster's pods and pods of the runtime alone, so that both see the same machine.
 */
public final class PodLifecycle {
    private static final int SERIAL = 20;
    private static final int WARM_UP = 2;
    private static final int AT_ONCE = 30;

    private final Bench bench;
    private final Optional<RuntimePods> runtime;

    /** @param runtime that of the (only) node */
    public PodLifecycle(Bench bench, Optional<RuntimePods> runtime) {
        this.bench = bench;
        this.runtime = runtime;
    }

    public void run() throws IOException {
        bench.createNamespace();
        double serial = oneAfterAnother();
        double burst = atOnce();
        if (runtime.isPresent()) {
            ratio("pod start to runtime's", 1, serial);
            ratio("pod start to runtime's", AT_ONCE, burst);
        }
    }

    private void ratio(String name, int pods, double value) throws IOException {
        bench.report().add(new Figure(name, Map.of("pods", pods), "", List.of(value), Map.of()));
    }

    /** Answers the ratio of a pod's start to that by the runtime alone. */
    private double oneAfterAnother() throws IOException {
        List<Double> starts = new ArrayList<>();
        List<Map<String, Double>> extras = new ArrayList<>();
        List<Double> ends = new ArrayList<>();
        List<Double> bareStarts = new ArrayList<>();
        List<Map<String, Double>> bareExtras = new ArrayList<>();
        List<Double> bareEnds = new ArrayList<>();
        for (int i = -WARM_UP; i < SERIAL; i++) {
            String name = "serial-" + (i + WARM_UP);
            Map<String, Double> extra = new LinkedHashMap<>();
            double start = start(name, extra);
            double end = end(name);
            if (i >= 0) {
                starts.add(start);
                extras.add(extra);
                ends.add(end);
            }
            if (runtime.isPresent()) {
                Map<String, Double> before = bench.processes().cpuSeconds();
                RuntimePods.Started bare = runtime.get().start(name);
                Map<String, Double> bareExtra = new LinkedHashMap<>(bare.phases());
                bareExtra.putAll(bench.processes().cpuMillisPer(1, before));
                double bareEnd = runtime.get().end(bare);
                if (i >= 0) {
                    bareStarts.add(bare.millis());
                    bareExtras.add(bareExtra);
                    bareEnds.add(bareEnd);
                }
            }
        }
        report("pod start", starts, Figure.medians(extras));
        report("pod delete", ends, Map.of());
        if (runtime.isPresent()) {
            report("runtime alone, start", bareStarts, Figure.medians(bareExtras));
            report("runtime alone, end", bareEnds, Map.of());
        }
        return Figure.median(starts) / Figure.median(bareStarts);
    }

    private void report(String name, List<Double> times, Map<String, Double> more) throws IOException {
        Map<String, Double> extra = new LinkedHashMap<>();
        extra.put("p99Millis", Figure.percentile(times, 99));
        extra.putAll(more);
        bench.report().add(new Figure(name, Map.of("pods", 1), "ms", times, extra));
    }

    /** @param extra gets when the pod was bound, and what the processes spent on it */
    private double start(String name, Map<String, Double> extra) throws IOException {
        Map<String, Double> before = bench.processes().cpuSeconds();
        try (PodEvents bound = new PodEvents(bench, 1, e -> JsonText.has(e, "name", name) && PodEvents.bound(e));
                PodEvents running =
                        new PodEvents(bench, 1, e -> JsonText.has(e, "name", name) && PodEvents.running(e))) {
            long began = System.nanoTime();
            bench.client()
                    .call(bench.requests().post(bench.path("pods"), SamplePods.running(name, bench.image())))
                    .orFail("creating a pod");
            running.await("pod start", 120);
            bound.await("pod start", 120);
            extra.put("boundMillis", (bound.lastNanos() - began) / 1e6);
            extra.putAll(bench.processes().cpuMillisPer(1, before));
            return (running.lastNanos() - began) / 1e6;
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

    /** Answers the ratio of the last pod's start to that by the runtime alone. */
    private double atOnce() throws IOException {
        List<Double> times = new ArrayList<>();
        List<Map<String, Double>> extras = new ArrayList<>();
        List<Double> ends = new ArrayList<>();
        List<Double> bareTimes = new ArrayList<>();
        List<Map<String, Double>> bareExtras = new ArrayList<>();
        for (int run = 0; run < bench.runs(); run++) {
            Map<String, Double> extra = new LinkedHashMap<>();
            times.add(startAtOnce("burst-" + run + "-", extra));
            extras.add(extra);
            ends.add(endAtOnce("burst-" + run + "-"));
            if (runtime.isPresent()) {
                Map<String, Double> bareExtra = new LinkedHashMap<>();
                bareTimes.add(startBareAtOnce(runtime.get(), "bare-" + run + "-", bareExtra));
                bareExtras.add(bareExtra);
            }
        }
        Map<String, Object> details = Map.of("pods", AT_ONCE);
        bench.report().add(new Figure("pod start, last", details, "ms", times, Figure.medians(extras)));
        bench.report().add(new Figure("pod delete, last", details, "ms", ends, Map.of()));
        if (runtime.isPresent()) {
            bench.report().add(new Figure("runtime alone, last", details, "ms", bareTimes, Figure.medians(bareExtras)));
        }
        return Figure.median(times) / Figure.median(bareTimes);
    }

    private double startAtOnce(String prefix, Map<String, Double> extra) throws IOException {
        double machine = Processes.machineCpuSeconds();
        Map<String, Double> before = bench.processes().cpuSeconds();
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
            extra.put("firstMillis", (started.firstNanos() - began) / 1e6);
            extra.put("cpuMillis.machine", (Processes.machineCpuSeconds() - machine) * 1e3 / AT_ONCE);
            extra.putAll(bench.processes().cpuMillisPer(AT_ONCE, before));
            return (started.lastNanos() - began) / 1e6;
        }
    }

    private double endAtOnce(String prefix) throws IOException {
        try (PodEvents gone =
                new PodEvents(bench, AT_ONCE, e -> e.contains("\"name\":\"" + prefix) && PodEvents.deleted(e))) {
            long began = System.nanoTime();
            bench.client()
                    .run(AT_ONCE, AT_ONCE, 60, n -> bench.requests().delete(bench.path("pods") + "/" + prefix + n))
                    .orFail("deleting pods");
            gone.await("deleting pods", 300);
            return (gone.lastNanos() - began) / 1e6;
        }
    }

    private double startBareAtOnce(RuntimePods runtime, String prefix, Map<String, Double> extra) throws IOException {
        double machine = Processes.machineCpuSeconds();
        Map<String, Double> before = bench.processes().cpuSeconds();
        long began = System.nanoTime();
        List<RuntimePods.Started> pods = Together.run(AT_ONCE, n -> runtime.start(prefix + n));
        double millis = (System.nanoTime() - began) / 1e6;
        extra.put("cpuMillis.machine", (Processes.machineCpuSeconds() - machine) * 1e3 / AT_ONCE);
        extra.putAll(bench.processes().cpuMillisPer(AT_ONCE, before));
        Map<String, List<Double>> phases = new HashMap<>();
        pods.forEach(pod -> pod.phases()
                .forEach((phase, time) ->
                        phases.computeIfAbsent(phase, p -> new ArrayList<>()).add(time)));
        phases.forEach((phase, values) -> extra.put(phase, Figure.median(values)));
        Together.run(AT_ONCE, n -> runtime.end(pods.get(n)));
        return millis;
    }
}
