package io.jollyboat.apiserver.authz;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Values as Go prints them in messages. */
final class GoText {
    private GoText() {}

    /** As {@code %q} of a string. */
    static String quoted(String value) {
        return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    /** As {@code %q} of a slice. */
    static String quoted(List<String> values) {
        return values.stream().map(GoText::quoted).collect(Collectors.joining(" ", "[", "]"));
    }

    /** As a duration prints: {@code 1h0m0s}, {@code 1.5s}, {@code 20ms}. */
    static String duration(Duration duration) {
        Duration size = duration.abs();
        String sign = duration.isNegative() ? "-" : "";
        if (size.compareTo(Duration.ofSeconds(1)) < 0) {
            return sign
                    + (size.isZero()
                            ? "0s"
                            : decimal(size.toNanos(), size.toNanos() >= 1_000_000 ? 6 : size.toNanos() >= 1000 ? 3 : 0)
                                    + (size.toNanos() >= 1_000_000 ? "ms" : size.toNanos() >= 1000 ? "µs" : "ns"));
        }
        String seconds = decimal(size.toSecondsPart() * 1_000_000_000L + size.toNanosPart(), 9) + "s";
        if (size.toMinutes() == 0) {
            return sign + seconds;
        }
        return sign + (size.toHours() > 0 ? size.toHours() + "h" : "") + size.toMinutesPart() + "m" + seconds;
    }

    private static String decimal(long value, int places) {
        return BigDecimal.valueOf(value, places).stripTrailingZeros().toPlainString();
    }

    /** As an aggregate of errors: each text once; brackets when there are several. */
    static String aggregate(List<String> errors) {
        List<String> distinct = errors.stream().distinct().toList();
        return distinct.size() == 1 ? distinct.getFirst() : "[" + String.join(", ", distinct) + "]";
    }
}
