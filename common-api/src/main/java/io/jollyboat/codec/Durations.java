package io.jollyboat.codec;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Go's text form of durations, such as {@code 1m30s}. */
public final class Durations {
    private Durations() {}

    static String format(long nanos) {
        if (nanos == 0) {
            return "0s";
        }
        String sign = nanos < 0 ? "-" : "";
        BigDecimal size = BigDecimal.valueOf(nanos).abs();
        if (size.compareTo(BigDecimal.valueOf(1_000)) < 0) {
            return sign + size.toPlainString() + "ns";
        }
        if (size.compareTo(BigDecimal.valueOf(1_000_000)) < 0) {
            return sign + plain(size.movePointLeft(3)) + "µs";
        }
        if (size.compareTo(BigDecimal.valueOf(1_000_000_000)) < 0) {
            return sign + plain(size.movePointLeft(6)) + "ms";
        }
        BigDecimal seconds = size.movePointLeft(9);
        long minutes = seconds.divideToIntegralValue(BigDecimal.valueOf(60)).longValueExact();
        String rest = plain(seconds.remainder(BigDecimal.valueOf(60))) + "s";
        if (minutes == 0) {
            return sign + rest;
        }
        long hours = minutes / 60;
        return sign + (hours == 0 ? "" : hours + "h") + minutes % 60 + "m" + rest;
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    /**
     * The nanoseconds that a text stands for.
     *
     * @throws DecodeException with upstream's text
     */
    public static long parse(String text) {
        String rest = text;
        boolean negative = rest.startsWith("-");
        if (negative || rest.startsWith("+")) {
            rest = rest.substring(1);
        }
        if (rest.equals("0")) {
            return 0;
        }
        if (rest.isEmpty()) {
            throw invalid("invalid duration ", text);
        }
        BigDecimal total = BigDecimal.ZERO;
        while (!rest.isEmpty()) {
            int end = span(rest, 0, "0123456789.");
            int unitEnd = end;
            while (unitEnd < rest.length() && "0123456789.".indexOf(rest.charAt(unitEnd)) < 0) {
                unitEnd++;
            }
            String digits = rest.substring(0, end);
            if (digits.isEmpty() || digits.equals(".") || digits.indexOf('.') != digits.lastIndexOf('.')) {
                throw invalid("invalid duration ", text);
            }
            String unit = rest.substring(end, unitEnd);
            if (unit.isEmpty()) {
                throw invalid("missing unit in duration ", text);
            }
            long scale = unitNanos(unit);
            if (scale == 0) {
                throw DecodeException.type("time: unknown unit \"" + unit + "\" in duration \"" + text + "\"");
            }
            total = total.add(new BigDecimal(digits).multiply(BigDecimal.valueOf(scale)));
            rest = rest.substring(unitEnd);
        }
        BigDecimal whole = total.setScale(0, RoundingMode.DOWN);
        if (whole.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw invalid("invalid duration ", text);
        }
        return negative ? -whole.longValue() : whole.longValue();
    }

    private static int span(String text, int from, String of) {
        int at = from;
        while (at < text.length() && of.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }

    private static long unitNanos(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "µs", "μs" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> 1_000_000_000;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> 0;
        };
    }

    private static DecodeException invalid(String what, String text) {
        return DecodeException.type("time: " + what + "\"" + text + "\"");
    }
}
