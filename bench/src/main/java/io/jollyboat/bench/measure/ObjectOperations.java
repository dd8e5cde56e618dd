package io.jollyboat.bench.measure;

import io.jollyboat.bench.load.LoadResult;
import io.jollyboat.bench.report.Figure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** Creates, gets, updates and deletes of 1 KB ConfigMaps. */
public final class ObjectOperations {
    private static final int[] IN_FLIGHT = {1, 16, 64};
    private static final long NO_LIMIT = Long.MAX_VALUE;
    private static final String PAYLOAD = "x".repeat(860);

    private final Bench bench;
    private final Map<String, List<Double>> rates = new LinkedHashMap<>();
    private final Map<String, List<Map<String, Double>>> extras = new LinkedHashMap<>();
    private long made;

    public ObjectOperations(Bench bench) {
        this.bench = bench;
    }

    public void run() throws IOException {
        bench.createNamespace();
        warmUp();
        for (int inFlight : IN_FLIGHT) {
            rates.clear();
            extras.clear();
            for (int run = 0; run < bench.runs(); run++) {
                once(inFlight, bench.seconds(), true);
            }
            for (Map.Entry<String, List<Double>> rate : rates.entrySet()) {
                bench.report()
                        .add(new Figure(
                                rate.getKey(),
                                Map.of("inFlight", inFlight),
                                "1/s",
                                rate.getValue(),
                                Figure.medians(extras.get(rate.getKey()))));
            }
        }
    }

    private void warmUp() throws IOException {
        once(64, Math.max(2, bench.seconds()), false);
        once(1, 1, false);
    }

    private void once(int inFlight, double seconds, boolean counted) throws IOException {
        long first = made;
        LoadResult created = timed("create", inFlight, NO_LIMIT, seconds, counted, n -> {
            made = first + n + 1;
            return bench.requests().post(bench.path("configmaps"), configMap(first + n, 0));
        });
        long count = created.operations();
        timed("get", inFlight, NO_LIMIT, seconds, counted, n -> bench.requests().get(path(first + n % count)));
        timed(
                "update",
                inFlight,
                NO_LIMIT,
                seconds,
                counted,
                n -> bench.requests().put(path(first + n % count), configMap(first + n % count, n + 1)));
        timed(
                "delete",
                inFlight,
                count,
                NO_LIMIT,
                counted,
                n -> bench.requests().delete(path(first + n)));
    }

    private LoadResult timed(
            String name, int inFlight, long count, double seconds, boolean counted, LongFunction<byte[]> request)
            throws IOException {
        Map<String, Double> before = bench.processes().cpuSeconds();
        LoadResult result = bench.client()
                .run(inFlight, count, Math.min(seconds, 600), request)
                .orFail(name);
        if (counted) {
            Map<String, Double> extra = new LinkedHashMap<>();
            extra.put("p50Millis", result.percentileMillis(50));
            extra.put("p99Millis", result.percentileMillis(99));
            extra.putAll(bench.processes().cpuMillisPer(result.operations(), before));
            rates.computeIfAbsent(name, k -> new ArrayList<>()).add(result.perSecond());
            extras.computeIfAbsent(name, k -> new ArrayList<>()).add(extra);
        }
        return result;
    }

    private String path(long number) {
        return bench.path("configmaps") + "/bench-" + number;
    }

    private String configMap(long number, long version) {
        return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"bench-" + number
                + "\",\"namespace\":\"" + bench.namespace()
                + "\",\"labels\":{\"app\":\"bench\"}},\"data\":{\"version\":\""
                + version + "\",\"payload\":\"" + PAYLOAD + "\"}}";
    }
}
