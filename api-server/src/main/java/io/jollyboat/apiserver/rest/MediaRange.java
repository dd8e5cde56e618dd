package io.jollyboat.apiserver.rest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One clause of an Accept header, or a Content-Type: {@code type/subtype;parameters}. */
record MediaRange(String type, Map<String, String> parameters, double quality) {
    /** The clauses of a header, best first; those that are no media range are left out. */
    static List<MediaRange> parseAll(String header) {
        List<MediaRange> ranges = new ArrayList<>();
        for (String clause : header.split(",")) {
            MediaRange range = parse(clause);
            if (range.type.indexOf('/') > 0) {
                ranges.add(range);
            }
        }
        if (ranges.size() > 1) {
            ranges.sort(
                    Comparator.<MediaRange>comparingDouble(MediaRange::quality).reversed());
        }
        return ranges;
    }

    static MediaRange parse(String clause) {
        String[] parts = clause.split(";");
        String type = parts.length == 0 ? "" : parts[0].strip().toLowerCase(Locale.ROOT);
        Map<String, String> parameters = parts.length > 1 ? new HashMap<>() : Map.of();
        double quality = 1;
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals < 0) {
                continue;
            }
            String name = parts[i].substring(0, equals).strip();
            String value = parts[i].substring(equals + 1).strip();
            if (name.equals("q")) {
                quality = quality(value);
            } else {
                parameters.put(name, value);
            }
        }
        return new MediaRange(type, parameters, quality);
    }

    private static double quality(String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            return 1;
        }
    }

    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }
}
