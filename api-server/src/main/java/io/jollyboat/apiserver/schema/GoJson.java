package io.jollyboat.apiserver.schema;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Values as Go's encoder writes them: sorted keys, its floats, and {@code <}, {@code >}, {@code &} escaped. */
final class GoJson {
    private GoJson() {}

    static String of(JsonNode value) {
        StringBuilder out = new StringBuilder();
        write(out, value);
        return out.toString();
    }

    /** The value for an error's text: a string, which will be quoted, or what prints as bare text. */
    static Object shown(JsonNode value) {
        return switch (Kind.of(value)) {
            case STRING -> value.asString();
            case NUMBER -> new Bare(Numbers.text(value.doubleValue()));
            case OBJECT, ARRAY, INTEGER, BOOLEAN, NULL -> new Bare(of(value));
        };
    }

    static Object shown(Map<String, JsonNode> values) {
        StringBuilder out = new StringBuilder();
        write(out, new TreeMap<>(values));
        return new Bare(out.toString());
    }

    /** Texts as a list, {@code null} for none at all. */
    static Object shown(List<String> values) {
        StringBuilder out = new StringBuilder("[");
        for (String value : values) {
            out.append(out.length() == 1 ? "" : ",");
            string(out, value);
        }
        return new Bare(values.isEmpty() ? "null" : out.append(']').toString());
    }

    /** A text in quotes. */
    static String text(String value) {
        StringBuilder out = new StringBuilder();
        string(out, value);
        return out.toString();
    }

    private static void write(StringBuilder out, JsonNode value) {
        switch (Kind.of(value)) {
            case OBJECT -> {
                Map<String, JsonNode> sorted = new TreeMap<>();
                value.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
                write(out, sorted);
            }
            case ARRAY -> {
                out.append('[');
                for (int i = 0; i < value.size(); i++) {
                    out.append(i == 0 ? "" : ",");
                    write(out, value.get(i));
                }
                out.append(']');
            }
            case STRING -> string(out, value.asString());
            case INTEGER -> out.append(value.longValue());
            case NUMBER -> out.append(Numbers.json(value.doubleValue()));
            case BOOLEAN -> out.append(value.booleanValue());
            case NULL -> out.append("null");
        }
    }

    private static void write(StringBuilder out, Map<String, JsonNode> sorted) {
        out.append('{');
        boolean first = true;
        for (Map.Entry<String, JsonNode> field : sorted.entrySet()) {
            out.append(first ? "" : ",");
            first = false;
            string(out, field.getKey());
            out.append(':');
            write(out, field.getValue());
        }
        out.append('}');
    }

    private static void string(StringBuilder out, String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '<', '>', '&', '\u2028', '\u2029' -> escaped(out, c);
                default -> {
                    if (c < ' ') {
                        escaped(out, c);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static void escaped(StringBuilder out, char c) {
        out.append(String.format("\\u%04x", (int) c));
    }

    /** Text that an error shows without quotes. */
    record Bare(String text) {
        @Override
        public String toString() {
            return text;
        }
    }
}
