package io.jollyboat.apiserver.custom;

import io.jollyboat.apiserver.custom.JsonPath.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Reads the text of a {@link JsonPath}; IllegalArgumentException where it is none. Single use. */
final class JsonPathParser {
    private static final List<String> OPERATORS = List.of("==", "!=", "<=", ">=", "<", ">");

    private final String text;
    private int at;

    JsonPathParser(String text) {
        this.text = text;
    }

    List<Step> parse() {
        List<Step> steps = new ArrayList<>();
        if (text.startsWith("$") || text.startsWith("@")) {
            at++;
        }
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '[') {
                steps.add(bracket());
            } else if (c == '.') {
                at++;
                if (at < text.length() && text.charAt(at) == '.') {
                    at++;
                    steps.add(JsonPath.descent());
                }
                if (at < text.length() && text.charAt(at) != '[') {
                    steps.add(name());
                }
            } else if (at == 0) {
                steps.add(name());
            } else {
                throw unexpected();
            }
        }
        return steps;
    }

    private Step name() {
        StringBuilder name = new StringBuilder();
        while (at < text.length() && ".[".indexOf(text.charAt(at)) < 0) {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            name.append(text.charAt(at++));
        }
        if (name.isEmpty()) {
            throw unexpected();
        }
        return name.toString().equals("*") ? JsonPath.everything() : JsonPath.field(name.toString());
    }

    private Step bracket() {
        int end = closing();
        String inner = text.substring(at + 1, end).strip();
        at = end + 1;
        if (inner.startsWith("?(") && inner.endsWith(")")) {
            return JsonPath.filter(
                    condition(inner.substring(2, inner.length() - 1).strip()));
        }
        List<Step> choices = new ArrayList<>();
        for (String part : split(inner)) {
            choices.add(choice(part.strip()));
        }
        return choices.size() == 1 ? choices.getFirst() : JsonPath.union(choices);
    }

    private static Step choice(String part) {
        if (part.equals("*")) {
            return JsonPath.everything();
        }
        if (part.length() > 1 && (part.startsWith("'") || part.startsWith("\""))) {
            return JsonPath.field(unquoted(part));
        }
        if (!part.contains(":")) {
            return JsonPath.index(Integer.parseInt(part));
        }
        String[] parts = part.split(":", -1);
        Integer[] bounds = new Integer[3];
        for (int i = 0; i < Math.min(3, parts.length); i++) {
            bounds[i] = parts[i].isBlank() ? null : Integer.valueOf(parts[i].strip());
        }
        return JsonPath.slice(bounds);
    }

    /** Where the bracket that opens here closes; quotes hide brackets. */
    private int closing() {
        int depth = 0;
        char quote = 0;
        for (int i = at; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '[') {
                depth++;
            } else if (c == ']' && --depth == 0) {
                return i;
            }
        }
        throw new IllegalArgumentException("unterminated array in " + text);
    }

    private static List<String> split(String inner) {
        List<String> parts = new ArrayList<>();
        char quote = 0;
        int start = 0;
        for (int i = 0; i < inner.length(); i++) {
            char c = inner.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == ',') {
                parts.add(inner.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(inner.substring(start));
        return parts;
    }

    private static Predicate<JsonNode> condition(String text) {
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
                continue;
            }
            if (c == '\'' || c == '"') {
                quote = c;
                continue;
            }
            for (String operator : OPERATORS) {
                if (text.startsWith(operator, i)) {
                    return comparison(
                            text.substring(0, i).strip(),
                            operator,
                            text.substring(i + operator.length()).strip());
                }
            }
        }
        JsonPath path = JsonPath.of(text);
        return element -> path.first(element).isPresent();
    }

    private static Predicate<JsonNode> comparison(String left, String operator, String right) {
        JsonPath path = JsonPath.of(left);
        boolean quoted = right.startsWith("'") || right.startsWith("\"");
        String constant = quoted ? unquoted(right) : right;
        return element -> path.first(element)
                .map(value -> holds(compare(value, constant, quoted), operator))
                .orElse(false);
    }

    /** Null where the two cannot be compared. */
    private static Integer compare(JsonNode value, String constant, boolean quoted) {
        if (quoted) {
            return value.isString() ? Integer.valueOf(value.asString().compareTo(constant)) : null;
        }
        if (value.isBoolean()) {
            return Boolean.compare(value.asBoolean(), constant.equals("true"));
        }
        return value.isNumber()
                ? Integer.valueOf(Double.compare(value.doubleValue(), Double.parseDouble(constant)))
                : null;
    }

    private static boolean holds(Integer order, String operator) {
        if (order == null) {
            return operator.equals("!=");
        }
        return switch (operator) {
            case "==" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    private static String unquoted(String text) {
        char quote = text.charAt(0);
        if (text.length() < 2 || text.charAt(text.length() - 1) != quote) {
            throw new IllegalArgumentException("unterminated quoted string in " + text);
        }
        return text.substring(1, text.length() - 1).replace("\\" + quote, String.valueOf(quote));
    }

    private IllegalArgumentException unexpected() {
        return new IllegalArgumentException("unexpected character at " + at + " of " + text);
    }
}
