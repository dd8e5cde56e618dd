package io.jollyboat.bench.measure;

import io.jollyboat.bench.load.LoadResult;
import io.jollyboat.bench.report.Figure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lists of many pods, by one client and by several at once, as JSON and as protobuf. */
public final class PodLists {
    private static final int[] CLIENTS = {1, 8};
    private static final int LISTS_PER_CLIENT = 5;
    private static final Map<String, String> FORMS =
            Map.of("json", "application/json", "protobuf", "application/vnd.kubernetes.protobuf");

    private final Bench bench;
    private final int pods;

    public PodLists(Bench bench, int pods) {
        this.bench = bench;
        this.pods = pods;
    }

    public void run() throws IOException {
        bench.createNamespace();
        bench.client()
                .run(64, pods, 600, n -> bench.requests().post(bench.path("pods"), SamplePods.waiting("list-" + n)))
                .orFail("creating pods");
        try {
            for (String form : List.of("json", "protobuf")) {
                byte[] request = bench.requests().get(bench.path("pods"), FORMS.get(form));
                bench.client().run(1, 3, 600, n -> request).orFail("list");
                for (int clients : CLIENTS) {
                    list(form, clients, request);
                }
            }
        } finally {
            bench.clear("pods");
        }
    }

    private void list(String form, int clients, byte[] request) throws IOException {
        List<Double> medians = new ArrayList<>();
        List<Map<String, Double>> extras = new ArrayList<>();
        for (int run = 0; run < bench.runs(); run++) {
            Map<String, Double> before = bench.processes().cpuSeconds();
            LoadResult result = bench.client()
                    .run(clients, (long) clients * LISTS_PER_CLIENT, 600, n -> request)
                    .orFail("list");
            medians.add(result.percentileMillis(50));
            Map<String, Double> extra = new LinkedHashMap<>();
            extra.put("megabytes", result.bytes() / 1e6 / result.operations());
            extra.put("maxMillis", result.percentileMillis(100));
            extra.putAll(bench.processes().cpuMillisPer(result.operations(), before));
            bench.processes().pssMegabytes().forEach((name, size) -> extra.put("pssMB." + name, size));
            bench.processes().rssMegabytes().forEach((name, size) -> extra.put("rssMB." + name, size));
            extras.add(extra);
        }
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("pods", pods);
        details.put("form", form);
        details.put("clients", clients);
        bench.report().add(new Figure("list p50", details, "ms", medians, Figure.medians(extras)));
    }
}
