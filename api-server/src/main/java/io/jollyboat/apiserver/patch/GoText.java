package io.jollyboat.apiserver.patch;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Values as Go prints them, for upstream's texts. */
final class GoText {
    private static final Pattern TYPE_ERROR =
            Pattern.compile("json: cannot unmarshal (\\w+)(?: .*)? into Go (?:value|struct field \\S+) of type (.*)");

    private GoText() {}

    /** {@code map[a:1 b:[x y]]}. */
    static String of(JsonNode node) {
        if (node.isObject()) {
            TreeMap<String, String> fields = new TreeMap<>();
            node.properties().forEach(entry -> fields.put(entry.getKey(), of(entry.getValue())));
            List<String> parts = new ArrayList<>();
            fields.forEach((key, value) -> parts.add(key + ":" + value));
            return "map[" + String.join(" ", parts) + "]";
        }
        if (node.isArray()) {
            List<String> parts = new ArrayList<>();
            node.forEach(element -> parts.add(of(element)));
            return "[" + String.join(" ", parts) + "]";
        }
        return node.isNull() ? "<nil>" : node.asString();
    }

    static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT, POJO -> "object";
            case ARRAY -> "array";
            case STRING, BINARY -> "string";
            case NUMBER -> "number";
            case BOOLEAN -> "bool";
            case NULL, MISSING -> "null";
        };
    }

    /** What upstream's other decoder, which it uses for strategic merge, says of a wrong type. */
    static String conversion(String message) {
        Matcher matcher = TYPE_ERROR.matcher(message);
        if (!matcher.matches()) {
            return message;
        }
        String found = switch (matcher.group(1)) {
            case "object" -> "map";
            case "array" -> "slice";
            case "number" -> "int64";
            default -> matcher.group(1);
        };
        String wanted = matcher.group(2);
        if (wanted.startsWith("map[") || wanted.equals("v1.ResourceList")) {
            return "cannot restore map from " + found;
        }
        if (wanted.startsWith("[]")) {
            return "cannot restore slice from " + found;
        }
        if (wanted.equals("string") && found.equals("int64")) {
            return "cannot convert int64 to string";
        }
        return wanted.contains(".") ? "cannot restore struct from: " + found : "unrecognized type: " + wanted;
    }
}
