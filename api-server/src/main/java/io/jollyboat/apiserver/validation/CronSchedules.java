package io.jollyboat.apiserver.validation;

import java.util.List;
import java.util.Locale;

/** What is wrong with a cron schedule, in the words of upstream's parser; empty where nothing is. */
final class CronSchedules {
    private static final List<String> WORDS =
            List.of("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly");
    private static final int[] LOW = {0, 0, 1, 1, 0};
    private static final int[] HIGH = {59, 23, 31, 12, 6};
    private static final String[] MONTHS = {
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"
    };
    private static final String[] DAYS = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

    private CronSchedules() {}

    static String problem(String schedule) {
        if (schedule.startsWith("@")) {
            if (schedule.startsWith("@every ")) {
                String problem = GoDurations.problem(schedule.substring("@every ".length()));
                return problem.isEmpty() ? "" : "failed to parse duration " + schedule + ": " + problem;
            }
            return WORDS.contains(schedule) ? "" : "unrecognized descriptor: " + schedule;
        }
        String text = schedule.startsWith("TZ=") || schedule.startsWith("CRON_TZ=")
                ? schedule.substring(schedule.indexOf(' ') + 1)
                : schedule;
        String[] fields = text.strip().split("\\s+");
        if (fields.length != 5) {
            return "expected exactly 5 fields, found " + fields.length + ": [" + String.join(" ", fields) + "]";
        }
        for (int i = 0; i < 5; i++) {
            for (String part : fields[i].split(",")) {
                String problem = part(part, i);
                if (!problem.isEmpty()) {
                    return problem;
                }
            }
        }
        return "";
    }

    private static String part(String part, int field) {
        String[] steps = part.split("/", -1);
        if (steps.length > 2) {
            return "too many slashes: " + part;
        }
        String[] range = steps[0].split("-", -1);
        if (range.length > 2) {
            return "too many hyphens: " + part;
        }
        int low = LOW[field];
        int high = HIGH[field];
        if (!range[0].equals("*") && !range[0].equals("?")) {
            for (int i = 0; i < range.length; i++) {
                int value = value(range[i], field);
                if (value < 0) {
                    return "failed to parse int from " + range[i] + ": strconv.Atoi: parsing \"" + range[i]
                            + "\": invalid syntax";
                }
                if (i == 0) {
                    low = value;
                    high = steps.length == 2 && range.length == 1 ? HIGH[field] : value;
                } else {
                    high = value;
                }
            }
        }
        if (steps.length == 2 && !steps[1].matches("[0-9]{1,9}")) {
            return "failed to parse int from " + steps[1] + ": strconv.Atoi: parsing \"" + steps[1]
                    + "\": invalid syntax";
        }
        if (steps.length == 2 && Integer.parseInt(steps[1]) == 0) {
            return "step of range should be a positive number: " + part;
        }
        if (low < LOW[field]) {
            return "beginning of range (" + low + ") below minimum (" + LOW[field] + "): " + part;
        }
        if (high > HIGH[field]) {
            return "end of range (" + high + ") above maximum (" + HIGH[field] + "): " + part;
        }
        return low > high ? "beginning of range (" + low + ") beyond end of range (" + high + "): " + part : "";
    }

    private static int value(String text, int field) {
        String[] names = field == 3 ? MONTHS : field == 4 ? DAYS : new String[0];
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(text.toLowerCase(Locale.ROOT))) {
                return i + LOW[field];
            }
        }
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
    }
}
