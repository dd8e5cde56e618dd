package io.jollyboat.apiserver.schema;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;

/** Durations as Go writes them, or with any word for a unit in them. */
final class DurationText {
    private static final Pattern GO =
            Pattern.compile("^[-+]?(0|((\\d+\\.?\\d*|\\.\\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h))+)$");
    private static final Pattern WORDS = Pattern.compile("(\\d+)\\s*([A-Za-z\u00b5]+)");
    private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

    private static final List<String> EXACT = List.of("ns", "us", "ms", "s", "m", "h", "d", "w", "\u00b5s", "hr", "wk");
    private static final List<String> STARTS = List.of("nano", "micro", "milli", "sec", "min", "hour", "day", "week");

    private DurationText() {}

    static boolean isDuration(String text) {
        if (GO.matcher(text).find()) {
            return true;
        }
        Matcher word = WORDS.matcher(text);
        boolean found = false;
        while (word.find()) {
            if (new BigInteger(word.group(1)).compareTo(LARGEST) > 0) {
                return false;
            }
            String unit = word.group(2).toLowerCase(Locale.ROOT);
            found |= EXACT.contains(unit) || STARTS.stream().anyMatch(unit::startsWith);
        }
        return found;
    }
}
