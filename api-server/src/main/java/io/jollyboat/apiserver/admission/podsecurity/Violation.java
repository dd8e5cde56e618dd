package io.jollyboat.apiserver.admission.podsecurity;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** What a pod asks for and must not: in a word, and what exactly. */
record Violation(String reason, String detail) {
    @Override
    public String toString() {
        return detail.isEmpty() ? reason : reason + " (" + detail + ")";
    }

    static String reasons(List<Violation> all) {
        return all.stream().map(Violation::reason).collect(Collectors.joining(", "));
    }

    static String details(List<Violation> all) {
        return all.stream().map(Violation::toString).collect(Collectors.joining(", "));
    }

    /** {@code "a", "b"}. */
    static String quoted(Collection<String> items) {
        return items.stream().map(item -> '"' + item + '"').collect(Collectors.joining(", "));
    }

    /** {@code container "a"} or {@code containers "a", "b"}. */
    static String counted(String noun, Collection<String> items) {
        return plural(noun, items.size()) + " " + quoted(items);
    }

    static String plural(String noun, int count) {
        return count == 1 ? noun : noun + "s";
    }
}
