package io.jollyboat.apiserver.authz;

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

    /** As an aggregate of errors: each text once; brackets when there are several. */
    static String aggregate(List<String> errors) {
        List<String> distinct = errors.stream().distinct().toList();
        return distinct.size() == 1 ? distinct.getFirst() : "[" + String.join(", ", distinct) + "]";
    }
}
