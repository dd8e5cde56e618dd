package io.jollyboat.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One measured figure.
 *
 * @param name such as {@code create}
 * @param details what distinguishes it from others of the name, such as {@code inFlight: 64}
 * @param runs the value of each run; the figure is their median
 * @param extra further medians, such as {@code p99Millis} or {@code cpuMillis.api-server}
 */
public record Figure(
        String name, Map<String, Object> details, String unit, List<Double> runs, Map<String, Double> extra) {
    public double value() {
        return median(runs);
    }

    public static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The n-th percentile of single values. */
    public static double percentile(List<Double> values, double percent) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[Math.clamp((int) Math.ceil(percent / 100 * sorted.length) - 1, 0, sorted.length - 1)];
    }

    /** The median of each key over the runs. */
    public static Map<String, Double> medians(List<Map<String, Double>> runs) {
        Map<String, List<Double>> byKey = new LinkedHashMap<>();
        runs.forEach(run -> run.forEach((key, value) ->
                byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(value)));
        Map<String, Double> medians = new LinkedHashMap<>();
        byKey.forEach((key, values) -> medians.put(key, median(values)));
        return medians;
    }

    /** One line of JSON. */
    public String json() {
        StringBuilder json = new StringBuilder("{\"figure\":").append(quote(name));
        details.forEach((key, value) -> json.append(',')
                .append(quote(key))
                .append(':')
                .append(value instanceof Number ? value.toString() : quote(value.toString())));
        json.append(",\"value\":").append(number(value())).append(",\"unit\":").append(quote(unit));
        json.append(",\"runs\":")
                .append(Arrays.toString(runs.stream().map(Figure::number).toArray())
                        .replace(" ", ""));
        extra.forEach(
                (key, value) -> json.append(',').append(quote(key)).append(':').append(number(value)));
        return json.append('}').toString();
    }

    private static String quote(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** Four digits that count. */
    static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return "null";
        }
        double size = Math.abs(value);
        int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
