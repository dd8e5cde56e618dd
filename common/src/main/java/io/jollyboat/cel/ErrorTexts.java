package io.jollyboat.cel;

import dev.cel.common.CelIssue;
import dev.cel.common.CelSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** dev.cel's messages as cel-go words them. */
final class ErrorTexts {

    private static final int MAX_ERRORS = 100;
    private static final Pattern SYNTAX = Pattern.compile(
            "(mismatched input|extraneous input|no viable alternative|token recognition error|missing |rule ).*",
            Pattern.DOTALL);
    private static final Pattern OVERLOAD = Pattern.compile(
            "found no matching overload for '(.*?)' applied to '(.*?)' \\(candidates: .*\\)", Pattern.DOTALL);
    private static final Map<String, String> OTHERS = Map.of(
            "The argument must be a simple name", "argument must be a simple name",
            "The macro variable must be a simple name", "argument must be a simple name");

    private ErrorTexts() {}

    static String of(Collection<CelIssue> issues, CelSource source) {
        List<CelIssue> sorted = issues.stream()
                .sorted(Comparator.comparingInt(
                                (CelIssue i) -> i.getSourceLocation().getLine())
                        .thenComparingInt(i -> i.getSourceLocation().getColumn()))
                .toList();
        StringBuilder text = new StringBuilder();
        for (CelIssue issue : sorted.subList(0, Math.min(MAX_ERRORS, sorted.size()))) {
            CelIssue reworded =
                    CelIssue.formatError(issue.getExprId(), issue.getSourceLocation(), message(issue.getMessage()));
            text.append(text.isEmpty() ? "" : "\n").append(reworded.toDisplayString(source));
        }
        if (sorted.size() > MAX_ERRORS) {
            text.append('\n').append(sorted.size() - MAX_ERRORS).append(" more errors were truncated");
        }
        return text.toString();
    }

    private static String message(String message) {
        if (SYNTAX.matcher(message).matches()) {
            return "Syntax error: " + message.replace("'%%'", "'%'");
        }
        if (message.startsWith("For input string: ")) {
            return "invalid int literal";
        }
        var overload = OVERLOAD.matcher(message);
        if (overload.matches()) {
            return "found no matching overload for '" + overload.group(1) + "' applied to '" + types(overload.group(2))
                    + "'";
        }
        return types(OTHERS.getOrDefault(message, message));
    }

    /** cel-go's short names. */
    private static String types(String text) {
        return text.replace("google.protobuf.Timestamp", "timestamp").replace("google.protobuf.Duration", "duration");
    }
}
