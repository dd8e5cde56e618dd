package io.jollyboat.bench.measure;

import io.jollyboat.bench.report.Figure;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Pods bound per second on nodes that exist only as objects. With a process named {@code scheduler} the pods are created
 * while it is stopped (SIGSTOP), and the time is the scheduler's alone; without, they are created meanwhile. Nothing runs
 * on the nodes, and they are gone before anybody misses their heartbeats.
 */
public final class PodScheduling {
    private final Bench bench;
    private final int nodes;
    private final int pods;

    public PodScheduling(Bench bench, int nodes, int pods) {
        this.bench = bench;
        this.nodes = nodes;
        this.pods = pods;
    }

    public void run() throws IOException {
        bench.createNamespace();
        try {
            bench.client()
                    .run(16, nodes, 600, n -> bench.requests().post("/api/v1/nodes", node(n)))
                    .orFail("creating nodes");
            bench.client()
                    .run(16, nodes, 600, n -> bench.requests().patch("/api/v1/nodes/bench-" + n + "/status", status()))
                    .orFail("making nodes ready");
            if (!bench.processes().pids("scheduler").isEmpty()) {
                measure(true);
            }
            measure(false);
        } finally {
            bench.clear("pods");
            bench.client().run(16, nodes, 600, n -> bench.requests().delete("/api/v1/nodes/bench-" + n));
        }
    }

    private void measure(boolean createdBefore) throws IOException {
        List<Double> rates = new ArrayList<>();
        List<Map<String, Double>> extras = new ArrayList<>();
        for (int run = 0; run < bench.runs(); run++) {
            String prefix = "sched-" + (createdBefore ? "b" : "m") + run + "-";
            try (PodEvents events =
                    new PodEvents(bench, pods, e -> e.contains("\"name\":\"" + prefix) && PodEvents.bound(e))) {
                if (createdBefore) {
                    signal("STOP");
                }
                Map<String, Double> before = bench.processes().cpuSeconds();
                long began = System.nanoTime();
                try {
                    bench.client()
                            .run(
                                    64,
                                    pods,
                                    600,
                                    n -> bench.requests().post(bench.path("pods"), SamplePods.plain(prefix + n)))
                            .orFail("creating pods");
                    if (createdBefore) {
                        before = bench.processes().cpuSeconds();
                        began = System.nanoTime();
                    }
                } finally {
                    if (createdBefore) {
                        signal("CONT");
                    }
                }
                events.await("scheduling", 300);
                rates.add(pods * 1e9 / (events.lastNanos() - began));
                extras.add(bench.processes().cpuMillisPer(pods, before));
            }
            bench.clear("pods");
        }
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("nodes", nodes);
        details.put("pods", pods);
        details.put("created", createdBefore ? "before" : "meanwhile");
        bench.report().add(new Figure("scheduled", details, "1/s", rates, Figure.medians(extras)));
    }

    private void signal(String name) throws IOException {
        for (long pid : bench.processes().pids("scheduler")) {
            try {
                new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .inheritIO()
                        .start()
                        .waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String node(long number) {
        return "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"bench-" + number
                + "\",\"labels\":{\"kubernetes.io/hostname\":\"bench-" + number
                + "\",\"topology.kubernetes.io/zone\":\"zone-" + number % 3 + "\"}}}";
    }

    private static String status() {
        String now = Instant.now().toString().replaceAll("\\.\\d+Z", "Z");
        String resources = "{\"cpu\":\"16\",\"memory\":\"64Gi\",\"pods\":\"110\"}";
        return "{\"status\":{\"capacity\":" + resources + ",\"allocatable\":" + resources
                + ",\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\",\"reason\":\"KubeletReady\",\"lastHeartbeatTime\":\""
                + now + "\",\"lastTransitionTime\":\"" + now + "\"}]}}";
    }
}
