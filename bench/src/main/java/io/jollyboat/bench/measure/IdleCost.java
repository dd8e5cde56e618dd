package io.jollyboat.bench.measure;

import io.jollyboat.bench.report.Figure;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** What the processes take while nothing is asked of them. */
public final class IdleCost {
    private final Bench bench;
    private final int seconds;

    public IdleCost(Bench bench, int seconds) {
        this.bench = bench;
        this.seconds = seconds;
    }

    public void run() throws IOException {
        if (bench.processes().isEmpty()) {
            throw new IllegalStateException("idle: say which processes with --process NAME=PID or NAME=TEXT");
        }
        Map<String, Double> before = bench.processes().cpuSeconds();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
        Map<String, Double> cpu = new LinkedHashMap<>();
        bench.processes().cpuSeconds().forEach((name, now) -> cpu.put(name, (now - before.get(name)) * 100 / seconds));
        Map<String, Double> memory = bench.processes().pssMegabytes();
        bench.report().add(new Figure("idle CPU", Map.of("seconds", seconds), "%", List.of(sum(cpu)), cpu));
        bench.report().add(new Figure("memory PSS", Map.of(), "MB", List.of(sum(memory)), memory));
    }

    private static double sum(Map<String, Double> values) {
        return values.values().stream().mapToDouble(Double::doubleValue).sum();
    }
}
