package io.jollyboat.selectors;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads the text form of field selectors; fails with upstream's texts. */
public final class FieldSelectors {
    private FieldSelectors() {}

    public static FieldMatcher everything() {
        return FieldMatcher.EVERYTHING;
    }

    /**
     * Reads a text such as {@code spec.nodeName=n1,status.phase!=Failed}. Which fields a kind has is the caller's to
     * check.
     *
     * @throws IllegalArgumentException with upstream's text
     */
    public static FieldMatcher parse(String text) {
        List<FieldMatcher.Term> terms = new ArrayList<>();
        for (String part : split(text)) {
            if (!part.isEmpty()) {
                terms.add(term(text, part));
            }
        }
        return terms.isEmpty() ? FieldMatcher.EVERYTHING : new FieldMatcher(List.copyOf(terms));
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == ',') {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        Collections.sort(parts);
        return parts;
    }

    private static FieldMatcher.Term term(String text, String part) {
        for (int i = 0; i < part.length(); i++) {
            for (String operator : List.of("!=", "==", "=")) {
                if (part.startsWith(operator, i)) {
                    String value = unescape(part.substring(i + operator.length()));
                    return new FieldMatcher.Term(part.substring(0, i), value, operator.equals("!="));
                }
            }
        }
        throw new IllegalArgumentException("invalid selector: '" + text + "'; can't understand '" + part + "'");
    }

    private static String unescape(String value) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\') {
                i++;
                if (i == value.length() || "\\,=".indexOf(value.charAt(i)) < 0) {
                    throw new IllegalArgumentException("invalid field selector: invalid escape sequence: \\"
                            + (i == value.length() ? "" : value.charAt(i)));
                }
                result.append(value.charAt(i));
            } else if (c == ',' || c == '=') {
                throw new IllegalArgumentException("invalid field selector: unescaped character in value: " + (int) c);
            } else {
                result.append(c);
            }
        }
        return result.toString();
    }
}
