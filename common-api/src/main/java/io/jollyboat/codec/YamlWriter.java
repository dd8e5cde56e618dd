package io.jollyboat.codec;

import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Prints a JSON tree as YAML in upstream's layout: sorted keys, lists not indented, quotes only where needed. */
final class YamlWriter {
    private final StringBuilder out = new StringBuilder();

    private YamlWriter() {}

    static String write(JsonNode tree) {
        YamlWriter writer = new YamlWriter();
        writer.block(tree, 0, false);
        return writer.out.toString();
    }

    /** @param started true where the line has begun already, after {@code - } */
    private void block(JsonNode node, int indent, boolean started) {
        if (node.isObject() && !node.isEmpty()) {
            object(node, indent, started);
        } else if (node.isArray() && !node.isEmpty()) {
            array(node, indent, started);
        } else {
            out.append(scalar(node)).append('\n');
        }
    }

    private void object(JsonNode node, int indent, boolean started) {
        TreeMap<String, JsonNode> sorted = new TreeMap<>();
        node.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        boolean first = started;
        for (var entry : sorted.entrySet()) {
            if (!first) {
                pad(indent);
            }
            first = false;
            out.append(string(entry.getKey())).append(':');
            value(entry.getValue(), indent);
        }
    }

    private void value(JsonNode value, int indent) {
        if (value.isObject() && !value.isEmpty()) {
            out.append('\n');
            object(value, indent + 2, false);
        } else if (value.isArray() && !value.isEmpty()) {
            out.append('\n');
            array(value, indent, false);
        } else if (value.isString() && value.asString().indexOf('\n') >= 0 && literal(value.asString())) {
            lines(value.asString(), indent + 2);
        } else {
            out.append(' ').append(scalar(value)).append('\n');
        }
    }

    private void array(JsonNode node, int indent, boolean started) {
        boolean first = started;
        for (JsonNode element : node) {
            if (!first) {
                pad(indent);
            }
            first = false;
            out.append("- ");
            block(element, indent + 2, true);
        }
    }

    private void pad(int indent) {
        out.repeat(" ", indent);
    }

    /** True for text that a literal block keeps as it is. */
    private static boolean literal(String text) {
        return !text.startsWith(" ")
                && !text.startsWith("\n")
                && text.chars().allMatch(c -> c == '\n' || c == '\t' || (c >= 0x20 && c < 0x7f));
    }

    private void lines(String text, int indent) {
        String body = text.replaceAll("\n+$", "");
        int trailing = text.length() - body.length();
        out.append(trailing == 0 ? " |-" : trailing == 1 ? " |" : " |+").append('\n');
        for (String line : body.split("\n", -1)) {
            if (!line.isEmpty()) {
                pad(indent);
            }
            out.append(line).append('\n');
        }
        out.repeat("\n", Math.max(0, trailing - 1));
    }

    private static String scalar(JsonNode node) {
        return node.isString() ? string(node.asString()) : node.toString();
    }

    private static String string(String text) {
        boolean plain =
                text.matches("[A-Za-z0-9_/.+~^][A-Za-z0-9_/.+~^=@$%()\\[\\]{}<>;|&*!?,'\"\\- ]*(:[A-Za-z0-9_/.\\-]+)*")
                        && !text.endsWith(" ")
                        && !text.contains(" #")
                        && !text.contains(": ")
                        && YamlScalars.plain(text).isString()
                        && !text.matches("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*")
                        && !text.matches("[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\\.[0-9_]*)?");
        if (plain) {
            return text;
        }
        if (text.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            // Like go-yaml: what would read as another type is quoted twice, other text once.
            boolean single = YamlScalars.plain(text).isString() && !text.matches("[0-9-].*");
            return single ? "'" + text.replace("'", "''") + "'" : "\"" + escape(text) + "\"";
        }
        return "\"" + escape(text) + "\"";
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(c -> {
            switch (c) {
                case '"' -> escaped.append("\\\"");
                case '\\' -> escaped.append("\\\\");
                case '\n' -> escaped.append("\\n");
                case '\t' -> escaped.append("\\t");
                case '\r' -> escaped.append("\\r");
                default -> {
                    if (c < 0x20 || c == 0x7f) {
                        escaped.append(String.format("\\x%02x", c));
                    } else {
                        escaped.append((char) c);
                    }
                }
            }
        });
        return escaped.toString();
    }
}
