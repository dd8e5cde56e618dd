package io.jollyboat.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The metrics of a process. Thread-safe; a metric is made when first asked for. */
public final class Metrics {
    /** Seconds, as upstream's controllers bucket durations: a hundredth of a millisecond to ten seconds and more. */
    private static final double[] SECONDS = {
        0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60
    };

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Set<String> bare = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<String, Collector> metrics = new ConcurrentHashMap<>();

    /** @param name by upstream's name where upstream has it */
    public Counter counter(String name, String help, String... labels) {
        return get(
                name,
                Counter.class,
                n -> Counter.builder().name(n).help(help).labelNames(labels).build());
    }

    /** A counter whose name upstream did not end in {@code _total}, and that is shown so. */
    public Counter bareCounter(String name, String help, String... labels) {
        bare.add(name);
        return counter(name, help, labels);
    }

    public Gauge gauge(String name, String help, String... labels) {
        return get(
                name,
                Gauge.class,
                n -> Gauge.builder().name(n).help(help).labelNames(labels).build());
    }

    /** A histogram of seconds. */
    public Histogram seconds(String name, String help, String... labels) {
        return histogram(name, help, SECONDS, labels);
    }

    /** @param bounds of the buckets, upwards */
    public Histogram histogram(String name, String help, double[] bounds, String... labels) {
        return get(
                name,
                Histogram.class,
                n -> Histogram.builder()
                        .name(n)
                        .help(help)
                        .labelNames(labels)
                        .classicOnly()
                        .classicUpperBounds(bounds)
                        .build());
    }

    /** Adds a metric of the caller's own making, unless one of that name is there. */
    public void register(String name, Collector collector) {
        get(name, Collector.class, n -> collector);
    }

    /** Writes all metrics in Prometheus' text format 0.0.4. */
    public void write(OutputStream out) throws IOException {
        if (bare.isEmpty()) {
            PrometheusTextFormatWriter.create().write(out, registry.scrape());
            return;
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(text, registry.scrape());
        out.write(asNamed(text.toString(StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
    }

    /** The writer gives every counter its usual ending. */
    private String asNamed(String text) {
        String named = text;
        for (String name : bare) {
            Pattern line = Pattern.compile("^(# HELP |# TYPE |)" + name + "_total(?=[ {])", Pattern.MULTILINE);
            named = line.matcher(named).replaceAll("$1" + name);
        }
        return named;
    }

    private <C extends Collector> C get(String name, Class<C> type, Function<String, C> make) {
        return type.cast(metrics.computeIfAbsent(name, n -> {
            C metric = make.apply(n);
            registry.register(metric);
            return metric;
        }));
    }
}
