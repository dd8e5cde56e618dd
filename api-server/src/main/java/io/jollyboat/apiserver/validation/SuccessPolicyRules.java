package io.jollyboat.apiserver.validation;

import io.jollyboat.api.batch.v1.JobSpec;
import io.jollyboat.api.batch.v1.SuccessPolicyRule;

/** The rules of when a job has done enough. */
final class SuccessPolicyRules {
    private static final int MOST_RULES = 20;
    private static final int INDEXES_LIMIT = 64 * 1024;

    private SuccessPolicyRules() {}

    static void check(Errors errors, JobSpec spec, String path) {
        int count = spec.getSuccessPolicy().getRulesCount();
        if (count == 0) {
            errors.required(
                    path + ".rules", "at least one rules must be specified when the successPolicy is specified");
        }
        if (count > MOST_RULES) {
            errors.tooMany(path + ".rules", count, MOST_RULES);
        }
        for (int i = 0; i < count; i++) {
            rule(errors, spec.getSuccessPolicy().getRules(i), spec.getCompletions(), path + ".rules[" + i + "]");
        }
    }

    private static void rule(Errors errors, SuccessPolicyRule rule, int completions, String path) {
        if (!rule.hasSucceededCount() && !rule.hasSucceededIndexes()) {
            errors.required(path, "at least one of succeededCount or succeededIndexes must be specified");
        }
        int indexes = 0;
        if (rule.hasSucceededIndexes()) {
            String text = rule.getSucceededIndexes();
            if (text.length() > INDEXES_LIMIT) {
                errors.tooLong(path + ".succeededIndexes", INDEXES_LIMIT);
            }
            try {
                indexes = count(text, completions);
            } catch (IllegalArgumentException e) {
                errors.invalid(path + ".succeededIndexes", text, "error parsing succeededIndexes: " + e.getMessage());
            }
        }
        if (!rule.hasSucceededCount()) {
            return;
        }
        String at = path + ".succeededCount";
        int count = rule.getSucceededCount();
        errors.notNegative(at, count);
        if (count > completions) {
            errors.invalid(
                    at,
                    count,
                    "must be less than or equal to " + completions + " (the number of specified completions)");
        }
        if (rule.hasSucceededIndexes() && count > indexes) {
            errors.invalid(
                    at,
                    count,
                    "must be less than or equal to " + indexes
                            + " (the number of indexes in the specified succeededIndexes field)");
        }
    }

    /** How many indexes a text such as {@code 1,3-5} names. */
    private static int count(String text, int completions) {
        int total = 0;
        int last = -1;
        for (String interval : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            String[] limits = interval.split("-", -1);
            if (limits.length > 2) {
                throw new IllegalArgumentException("the fragment \"" + interval
                        + "\" violates the requirement that an index interval can have at most two parts separated by"
                        + " '-'");
            }
            int low = index(limits[0], completions);
            int high = limits.length == 2 ? index(limits[1], completions) : low;
            if (limits.length == 2 && low >= high) {
                throw order(low, high);
            }
            if (last >= low) {
                throw order(last, low);
            }
            total += high - low + 1;
            last = high;
        }
        return total;
    }

    private static IllegalArgumentException order(int previous, int current) {
        return new IllegalArgumentException("non-increasing order, previous: " + previous + ", current: " + current);
    }

    private static int index(String text, int completions) {
        if (!text.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("cannot convert string to integer for index: \"" + text + "\"");
        }
        int index = Integer.parseInt(text);
        if (index >= completions) {
            throw new IllegalArgumentException("too large index: \"" + text + "\"");
        }
        return index;
    }
}
