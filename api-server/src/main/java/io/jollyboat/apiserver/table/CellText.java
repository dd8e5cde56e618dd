package io.jollyboat.apiserver.table;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.meta.v1.LabelSelector;
import io.jollyboat.api.meta.v1.MicroTime;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.Time;
import io.jollyboat.selectors.LabelSelectors;
import io.jollyboat.values.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Texts that several kinds' cells have in common. */
public final class CellText {
    static final String NONE = "<none>";
    static final String UNKNOWN = "<unknown>";
    static final String UNSET = "<unset>";

    private CellText() {}

    static String age(ObjectMeta meta, Instant now) {
        return since(meta.getCreationTimestamp(), now);
    }

    /** How long ago a time was. */
    public static String since(Time time, Instant now) {
        return Times.isZero(time) ? UNKNOWN : duration(Duration.between(Times.instant(time), now));
    }

    static String since(MicroTime time, Instant now) {
        return Times.isZero(time) ? UNKNOWN : duration(Duration.between(Times.instant(time), now));
    }

    /** Two units at most, the finer one only while it tells something. */
    static String duration(Duration duration) {
        long seconds = duration.toMillis() / 1000;
        if (seconds < -1) {
            return "<invalid>";
        }
        if (seconds < 0) {
            return "0s";
        }
        if (seconds < 120) {
            return seconds + "s";
        }
        long minutes = seconds / 60;
        if (minutes < 10) {
            return minutes + "m" + part(seconds % 60, "s");
        }
        if (minutes < 180) {
            return minutes + "m";
        }
        long hours = minutes / 60;
        if (hours < 8) {
            return hours + "h" + part(minutes % 60, "m");
        }
        if (hours < 48) {
            return hours + "h";
        }
        if (hours < 192) {
            return hours / 24 + "d" + part(hours % 24, "h");
        }
        long days = hours / 24;
        if (days < 365 * 2) {
            return days + "d";
        }
        return days < 365 * 8 ? days / 365 + "y" + part(days % 365, "d") : days / 365 + "y";
    }

    private static String part(long value, String unit) {
        return value == 0 ? "" : value + unit;
    }

    static String orNone(String text) {
        return text.isEmpty() ? NONE : text;
    }

    static String orUnknown(String text) {
        return text.isEmpty() ? UNKNOWN : text;
    }

    static String labels(Map<String, String> labels) {
        return orNone(new TreeMap<>(labels)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(",")));
    }

    static String selector(LabelSelector selector) {
        try {
            return orNone(LabelSelectors.format(selector));
        } catch (IllegalArgumentException e) {
            return "<error>";
        }
    }

    static String containerNames(List<Container> containers) {
        return containers.stream().map(Container::getName).collect(Collectors.joining(","));
    }

    static String images(List<Container> containers) {
        return containers.stream().map(Container::getImage).collect(Collectors.joining(","));
    }

    /** The first three, and how many more there are. */
    static String some(List<String> all, String empty) {
        if (all.isEmpty()) {
            return empty;
        }
        String first = String.join(",", all.subList(0, Math.min(3, all.size())));
        return all.size() > 3 ? first + " + " + (all.size() - 3) + " more..." : first;
    }
}
