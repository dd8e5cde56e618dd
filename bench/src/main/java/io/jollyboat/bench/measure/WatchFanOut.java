package io.jollyboat.bench.measure;

import io.jollyboat.bench.load.LoadClient;
import io.jollyboat.bench.load.LoadResult;
import io.jollyboat.bench.report.Figure;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** From the sending of an update to its arrival at each of many watchers. */
public final class WatchFanOut {
    private static final int[] WATCHERS = {100, 1_000};
    private static final int UPDATES_PER_SECOND = 100;
    private static final byte[] MARK = "\"sent\":\"".getBytes(StandardCharsets.UTF_8);
    private static final String PAYLOAD = "x".repeat(860);

    private final Bench bench;

    public WatchFanOut(Bench bench) {
        this.bench = bench;
    }

    public void run() throws IOException {
        bench.createNamespace();
        bench.client()
                .call(bench.requests().post(bench.path("configmaps"), configMap(0)))
                .orFail("creating the watched object");
        try {
            for (int watchers : WATCHERS) {
                measure(watchers);
            }
        } finally {
            bench.client().call(bench.requests().delete(bench.path("configmaps") + "/watched"));
        }
    }

    private void measure(int watchers) throws IOException {
        Histogram latencies = new Histogram(60_000_000, 3);
        AtomicLong received = new AtomicLong();
        List<LoadClient.Watch> open = new ArrayList<>();
        List<Double> medians = new ArrayList<>();
        List<Map<String, Double>> extras = new ArrayList<>();
        try {
            // What a watch begins with, the newest state, is no update and must not count as one.
            bench.client()
                    .call(bench.requests().put(bench.path("configmaps") + "/watched", configMap(0)))
                    .orFail("resetting the watched object");
            byte[] request =
                    bench.requests().get(bench.path("configmaps") + "?watch=1&fieldSelector=metadata.name%3Dwatched");
            for (int i = 0; i < watchers; i++) {
                open.add(bench.client().watch(request, line -> arrived(line, latencies, received)));
            }
            for (int run = 0; run <= bench.runs(); run++) {
                latencies.reset();
                received.set(0);
                Map<String, Double> before = bench.processes().cpuSeconds();
                long began = System.nanoTime();
                long updates = update();
                await(received, updates * watchers);
                if (run == 0) {
                    continue; // warm-up
                }
                double seconds = (System.nanoTime() - began) / 1e9;
                Map<String, Double> extra = new LinkedHashMap<>();
                extra.put("p99Millis", latencies.getValueAtPercentile(99) / 1e3);
                extra.put("missing", (double) (updates * watchers - received.get()));
                Map<String, Double> after = bench.processes().cpuSeconds();
                after.forEach((name, cpu) -> extra.put("cores." + name, (cpu - before.get(name)) / seconds));
                medians.add(latencies.getValueAtPercentile(50) / 1e3);
                extras.add(extra);
            }
        } finally {
            open.forEach(LoadClient.Watch::close);
        }
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("watchers", watchers);
        details.put("updatesPerSecond", UPDATES_PER_SECOND);
        bench.report().add(new Figure("watch p50", details, "ms", medians, Figure.medians(extras)));
    }

    /** Sends updates at a steady pace; answers how many. */
    private long update() throws IOException {
        long count = (long) (bench.seconds() * UPDATES_PER_SECOND);
        long period = 1_000_000_000L / UPDATES_PER_SECOND;
        long next = System.nanoTime();
        for (long i = 0; i < count; i++) {
            pause(next - System.nanoTime());
            next += period;
            LoadResult result = bench.client()
                    .run(
                            1,
                            1,
                            60,
                            n -> bench.requests()
                                    .put(bench.path("configmaps") + "/watched", configMap(System.nanoTime())));
            result.orFail("update");
        }
        return count;
    }

    private static void arrived(ByteBuf line, Histogram latencies, AtomicLong received) {
        long now = System.nanoTime();
        int at = line.readerIndex() - 1;
        int found = -1;
        while (found < 0) {
            at = line.indexOf(at + 1, line.writerIndex(), MARK[1]);
            if (at < 1) {
                return;
            }
            found = matches(line, at - 1) ? at - 1 + MARK.length : -1;
        }
        long sent = 0;
        for (int i = found; line.getByte(i) != '"'; i++) {
            sent = sent * 10 + line.getByte(i) - '0';
        }
        if (sent > 0) {
            latencies.recordValue(Math.min(60_000_000, Math.max(0, (now - sent) / 1_000)));
            received.incrementAndGet();
        }
    }

    private static boolean matches(ByteBuf line, int at) {
        if (at + MARK.length > line.writerIndex()) {
            return false;
        }
        for (int i = 0; i < MARK.length; i++) {
            if (line.getByte(at + i) != MARK[i]) {
                return false;
            }
        }
        return true;
    }

    private static void await(AtomicLong received, long expected) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (received.get() < expected && System.nanoTime() < deadline) {
            pause(5_000_000);
        }
    }

    private static void pause(long nanos) {
        if (nanos > 0) {
            LockSupport.parkNanos(nanos);
        }
    }

    private String configMap(long sent) {
        return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"watched\"},\"data\":{\"sent\":\""
                + sent + "\",\"payload\":\"" + PAYLOAD + "\"}}";
    }
}
