package io.jollyboat.apiserver.validation;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is wrong with a duration as Go writes them, such as {@code 1h30m}, in Go's words; empty where nothing is. */
final class GoDurations {
    private static final Pattern PART = Pattern.compile("([0-9]*(?:\\.[0-9]*)?)([^0-9.]*)");
    private static final Set<String> UNITS = Set.of("ns", "us", "µs", "μs", "ms", "s", "m", "h");

    private GoDurations() {}

    static String problem(String text) {
        String rest = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
        if (rest.equals("0")) {
            return "";
        }
        if (rest.isEmpty()) {
            return "time: invalid duration \"" + text + "\"";
        }
        while (!rest.isEmpty()) {
            Matcher part = PART.matcher(rest);
            boolean number = part.lookingAt() && !part.group(1).replace(".", "").isEmpty();
            if (!number) {
                return "time: invalid duration \"" + text + "\"";
            }
            if (part.group(2).isEmpty()) {
                return "time: missing unit in duration \"" + text + "\"";
            }
            if (!UNITS.contains(part.group(2))) {
                return "time: unknown unit \"" + part.group(2) + "\" in duration \"" + text + "\"";
            }
            rest = rest.substring(part.end());
        }
        return "";
    }
}
