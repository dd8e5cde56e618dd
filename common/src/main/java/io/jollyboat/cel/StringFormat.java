package io.jollyboat.cel;

import com.google.common.primitives.UnsignedLong;
import com.google.protobuf.ByteString;
import dev.cel.common.types.CelType;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code 'text'.format([…])}: the verbs of the string extension. */
final class StringFormat {

    private static final int DEFAULT_PRECISION = 6;
    private static final int MAX_PRECISION = 1000;

    private final String format;
    private final List<?> args;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int next;

    private StringFormat(String format, List<?> args) {
        this.format = format;
        this.args = args;
    }

    static String format(String format, List<?> args) {
        return new StringFormat(format, args).run();
    }

    private String run() {
        while (at < format.length()) {
            char c = format.charAt(at);
            if (c != '%') {
                out.append(c);
                at++;
            } else if (at + 1 >= format.length()) {
                throw new EvalError("unexpected end of string");
            } else if (format.charAt(at + 1) == '%') {
                out.append('%');
                at += 2;
            } else {
                at++;
                verb();
            }
        }
        return out.toString();
    }

    private void verb() {
        if (next >= args.size()) {
            throw new EvalError("index " + next + " out of range");
        }
        Object arg = args.get(next++);
        int precision = precision();
        if (at >= format.length()) {
            throw new EvalError("could not parse formatting clause: unexpected end of string");
        }
        char verb = format.charAt(at++);
        try {
            out.append(
                    switch (verb) {
                        case 's' -> text(arg);
                        case 'd' -> decimal(arg);
                        case 'f' -> floating(arg, "fixed-point", d -> GoNumbers.fixed(d, or(precision)));
                        case 'e' -> floating(arg, "scientific", d -> GoNumbers.scientific(d, or(precision)));
                        case 'b' -> binary(arg);
                        case 'x', 'X' -> hex(arg, verb == 'X');
                        case 'o' -> octal(arg);
                        default -> throw new EvalError("unrecognized formatting clause \"" + verb + "\"");
                    });
        } catch (EvalError e) {
            String known =
                    "sdfebxXo".indexOf(verb) < 0 ? "could not parse formatting clause: " : "error during formatting: ";
            throw new EvalError(known + e.getMessage());
        }
    }

    private static int or(int precision) {
        return precision < 0 ? DEFAULT_PRECISION : precision;
    }

    private int precision() {
        if (at >= format.length() || format.charAt(at) != '.') {
            return -1;
        }
        int start = ++at;
        while (at < format.length() && Character.isDigit(format.charAt(at))) {
            at++;
        }
        if (start == at || at - start > 4 || Integer.parseInt(format.substring(start, at)) > MAX_PRECISION) {
            throw new EvalError("could not parse formatting clause: error while parsing precision");
        }
        return Integer.parseInt(format.substring(start, at));
    }

    /** {@code %s}. */
    static String text(Object value) {
        return switch (value) {
            case Null n -> "null";
            case List<?> list -> list(list);
            case Map<?, ?> map -> map(map);
            case Instant t -> Conversions.toText(t);
            case Duration d -> Conversions.toText(d);
            case CelType type -> type.name();
            case OpaqueValue o ->
                throw clause(
                        "string clause can only be used on strings, bools, bytes, ints, doubles,"
                                + " maps, lists, types, durations, and timestamps",
                        value);
            default -> Conversions.toText(value);
        };
    }

    private static EvalError clause(String rule, Object value) {
        return new EvalError(rule + ", was given " + Values.typeName(value));
    }

    private static String list(List<?> list) {
        return list.stream().map(StringFormat::element).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String map(Map<?, ?> map) {
        return map.entrySet().stream()
                .map(e -> new String[] {element(e.getKey()), element(e.getValue())})
                .sorted((a, b) -> a[0].compareTo(b[0]))
                .map(e -> e[0] + ":" + e[1])
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /** A value inside a list or map, in the form of a literal. */
    private static String element(Object value) {
        return switch (value) {
            case String s -> GoText.quote(s);
            case ByteString b -> "b" + GoText.quote(Conversions.toText(b));
            case Instant t -> "timestamp(" + GoText.quote(Conversions.toText(t)) + ")";
            case Duration d -> "duration(" + GoText.quote(Conversions.toText(d)) + ")";
            case Double d when d.isNaN() || d.isInfinite() -> GoText.quote(GoNumbers.shortest(d));
            case Double d -> GoNumbers.fixed(d, DEFAULT_PRECISION);
            case OpaqueValue o -> throw new EvalError("no formatting function for " + o.typeName());
            default -> text(value);
        };
    }

    private static String decimal(Object value) {
        if (value instanceof Long || value instanceof UnsignedLong) {
            return value.toString();
        }
        throw clause("decimal clause can only be used on integers", value);
    }

    private static String floating(Object value, String kind, java.util.function.DoubleFunction<String> form) {
        double number = switch (value) {
            case Double d -> d;
            case String s when s.equals("NaN") -> Double.NaN;
            case String s when s.equals("Infinity") -> Double.POSITIVE_INFINITY;
            case String s when s.equals("-Infinity") -> Double.NEGATIVE_INFINITY;
            default -> throw clause(kind + " clause can only be used on doubles", value);
        };
        if (Double.isNaN(number)) {
            return "NaN";
        }
        return Double.isInfinite(number) ? (number > 0 ? "∞" : "-∞") : form.apply(number);
    }

    private static String binary(Object value) {
        return switch (value) {
            case Boolean b -> b ? "1" : "0";
            case Long l -> Operators.big(l).toString(2);
            case UnsignedLong u -> u.toString(2);
            default -> throw clause("only integers and bools can be formatted as binary", value);
        };
    }

    private static String octal(Object value) {
        return switch (value) {
            case Long l -> BigInteger.valueOf(l).toString(8);
            case UnsignedLong u -> u.toString(8);
            default -> throw clause("octal clause can only be used on integers", value);
        };
    }

    private static String hex(Object value, boolean upper) {
        String digits = switch (value) {
            case Long l -> BigInteger.valueOf(l).toString(16);
            case UnsignedLong u -> u.toString(16);
            case String s -> HexFormat.of().formatHex(s.getBytes(StandardCharsets.UTF_8));
            case ByteString b -> HexFormat.of().formatHex(b.toByteArray());
            default -> throw clause("only integers, byte buffers, and strings can be formatted as hex", value);
        };
        return upper ? digits.toUpperCase(Locale.ROOT) : digits;
    }
}
