package io.jollyboat.apiserver.managed;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/**
 * The values that tell elements of a list apart: String, Long, Double, Boolean, null for JSON's null, and a JsonNode for
 * what only a faulty client sends.
 */
final class Scalars {
    private Scalars() {}

    static Object of(JsonNode node) {
        if (node.isString()) {
            return node.asString();
        }
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        if (node.isNumber()) {
            return node.doubleValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isNull() ? null : node;
    }

    /** Numbers, texts, booleans, lists, maps, null. */
    static int compare(Object a, Object b) {
        int difference = rank(a) - rank(b);
        if (difference != 0) {
            return difference;
        }
        return switch (a) {
            case null -> 0;
            case Long left when b instanceof Long right -> Long.compare(left, right);
            case Number left -> Double.compare(left.doubleValue(), ((Number) b).doubleValue());
            case String left -> compareText(left, (String) b);
            case Boolean left -> Boolean.compare(left, (Boolean) b);
            default -> compareText(a.toString(), b.toString());
        };
    }

    private static int rank(Object value) {
        return switch (value) {
            case null -> 5;
            case Number _ -> 0;
            case String _ -> 1;
            case Boolean _ -> 2;
            case JsonNode node when node.isArray() -> 3;
            default -> 4;
        };
    }

    /** By the bytes of UTF-8. */
    static int compareText(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean high = Character.isSurrogate(x);
                return high == Character.isSurrogate(y) ? x - y : high ? 1 : -1;
            }
        }
        return a.length() - b.length();
    }

    /** As conflicts show it. */
    static String shown(Object value) {
        return switch (value) {
            case null -> "null";
            case String text -> quoted(text);
            case Double number -> json(number);
            default -> value.toString();
        };
    }

    static String json(Object value) {
        StringBuilder out = new StringBuilder();
        json(value, out);
        return out.toString();
    }

    static void json(Object value, StringBuilder out) {
        switch (value) {
            case null -> out.append("null");
            case String text -> text(text, true, out);
            case Double number
            when number == Math.rint(number) && Math.abs(number) < 1e15 -> out.append(number.longValue());
            default -> out.append(value);
        }
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder();
        text(text, false, out);
        return out.toString();
    }

    /** A JSON string, where wanted without what HTML would take for its own. */
    static void text(String text, boolean html, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    boolean escaped = c < ' ' || (html && (c == '<' || c == '>' || c == '&'));
                    if (escaped) {
                        out.append("\\u00")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 15, 16));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    static byte[] token(String key) {
        StringBuilder out = new StringBuilder(key.length() + 8);
        text(key, false, out);
        return out.append(':').toString().getBytes(StandardCharsets.UTF_8);
    }
}
