package io.jollyboat.codec;

import java.math.BigInteger;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What a scalar means, by the YAML 1.1 rules of upstream's parser. */
final class YamlScalars {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final BigInteger MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);

    private YamlScalars() {}

    static JsonNode resolve(ScalarEvent scalar) {
        String text = scalar.getValue();
        String tag = scalar.getTag().orElse("");
        return switch (tag) {
            case "" -> scalar.isPlain() ? plain(text) : NODES.stringNode(text);
            case "!", "tag:yaml.org,2002:str" -> NODES.stringNode(text);
            case "tag:yaml.org,2002:binary" -> NODES.stringNode(text);
            case "tag:yaml.org,2002:float" -> {
                JsonNode node = plain(text);
                yield node.isNumber() ? NODES.numberNode(node.asDouble()) : node;
            }
            default -> plain(text);
        };
    }

    static JsonNode plain(String text) {
        return switch (text) {
            case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON" -> NODES.booleanNode(true);
            case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF" -> NODES.booleanNode(false);
            case "", "~", "null", "Null", "NULL" -> NODES.nullNode();
            case ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF" ->
                throw DecodeException.syntax("json: unsupported value: " + text);
            default -> {
                char first = text.charAt(0);
                boolean number = first == '+' || first == '-' || first == '.' || (first >= '0' && first <= '9');
                yield number ? number(text) : NODES.stringNode(text);
            }
        };
    }

    private static JsonNode number(String text) {
        String plain = text.replace("_", "");
        BigInteger integer = integer(plain);
        if (integer != null && integer.compareTo(MIN) >= 0 && integer.compareTo(MAX) <= 0) {
            return integer.bitLength() < 64 ? NODES.numberNode(integer.longValue()) : NODES.numberNode(integer);
        }
        if (FLOAT.matcher(plain).matches()) {
            double value = Double.parseDouble(plain);
            if (Double.isFinite(value)) {
                return value == Math.rint(value) && Math.abs(value) < 1e18
                        ? NODES.numberNode((long) value)
                        : NODES.numberNode(value);
            }
        }
        return NODES.stringNode(text);
    }

    /** Go's ParseInt with base 0: prefixes 0x, 0o, 0b and 0. Null where it is no integer. */
    private static BigInteger integer(String text) {
        String digits = text;
        boolean negative = digits.startsWith("-");
        if (negative || digits.startsWith("+")) {
            digits = digits.substring(1);
        }
        int radix = 10;
        if (digits.length() > 1 && digits.charAt(0) == '0') {
            char mark = Character.toLowerCase(digits.charAt(1));
            radix = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
            digits = digits.substring(mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1);
        }
        for (int i = 0; i < digits.length(); i++) {
            if (Character.digit(digits.charAt(i), radix) < 0) {
                return null;
            }
        }
        if (digits.isEmpty()) {
            return null;
        }
        BigInteger value = new BigInteger(digits, radix);
        return negative ? value.negate() : value;
    }
}
