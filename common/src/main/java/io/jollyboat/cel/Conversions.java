package io.jollyboat.cel;

import com.google.common.primitives.UnsignedLong;
import com.google.protobuf.ByteString;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;

/** The functions named after types. */
final class Conversions {

    private static final Pattern INT = Pattern.compile("[+-]?[0-9]+");
    private static final Pattern UINT = Pattern.compile("[0-9]+");
    private static final Pattern DOUBLE =
            Pattern.compile("[+-]?((\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?|(?i:inf|infinity|nan))");

    private Conversions() {}

    static void addTo(Map<String, Function> functions) {
        functions.put("int", args -> toInt(args[0]));
        functions.put("uint", args -> toUint(args[0]));
        functions.put("double", args -> toDouble(args[0]));
        functions.put("string", args -> toText(args[0]));
        functions.put("bytes", args -> toBytes(args[0]));
        functions.put("bool", args -> toBool(args[0]));
        functions.put("timestamp", args -> toTimestamp(args[0]));
        functions.put("duration", args -> toDuration(args[0]));
        functions.put("dyn", args -> args[0]);
        functions.put("type", args -> Types.of(args[0]));
    }

    private static Object toInt(Object value) {
        return switch (value) {
            case Long l -> l;
            case UnsignedLong u when u.longValue() >= 0 -> u.longValue();
            case UnsignedLong u -> throw new EvalError("integer overflow");
            case Double d -> Numbers.toInt(d);
            case String s when INT.matcher(s).matches() && fits(s) -> Long.parseLong(s);
            case Instant t -> t.getEpochSecond();
            case Duration d -> TimeFunctions.nanos(d);
            default -> throw EvalError.conversion(value, "int");
        };
    }

    private static boolean fits(String digits) {
        return new BigInteger(digits).bitLength() < 64;
    }

    private static Object toUint(Object value) {
        return switch (value) {
            case UnsignedLong u -> u;
            case Long l -> Numbers.uint(BigInteger.valueOf(l));
            case Double d -> Numbers.toUint(d);
            case String s
            when UINT.matcher(s).matches() && new BigInteger(s).bitLength() <= 64 -> UnsignedLong.valueOf(s);
            default -> throw EvalError.conversion(value, "uint");
        };
    }

    private static Object toDouble(Object value) {
        return switch (value) {
            case Double d -> d;
            case Long l -> (double) l;
            case UnsignedLong u -> u.doubleValue();
            case String s when DOUBLE.matcher(s).matches() -> parseDouble(s);
            default -> throw EvalError.conversion(value, "double");
        };
    }

    private static double parseDouble(String text) {
        String lower = text.toLowerCase(java.util.Locale.ROOT);
        if (lower.endsWith("nan")) {
            return Double.NaN;
        }
        if (lower.contains("inf")) {
            return lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        double parsed = Double.parseDouble(text);
        if (Double.isInfinite(parsed)) {
            throw EvalError.conversion(text, "double");
        }
        return parsed;
    }

    /** The text of a value, as {@code string(x)}. */
    static String toText(Object value) {
        return switch (value) {
            case String s -> s;
            case Long l -> Long.toString(l);
            case UnsignedLong u -> u.toString();
            case Double d -> GoNumbers.shortest(d);
            case Boolean b -> b.toString();
            case ByteString b -> utf8(b);
            case Instant t -> TimeFunctions.text(t);
            case Duration d -> TimeFunctions.text(d);
            case IpFunctions.Ip ip -> ip.text();
            case IpFunctions.Cidr cidr -> cidr.text();
            default -> throw EvalError.conversion(value, "string");
        };
    }

    private static String utf8(ByteString bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new EvalError("invalid UTF-8 in bytes, cannot convert to string");
        }
    }

    private static Object toBytes(Object value) {
        return switch (value) {
            case ByteString b -> b;
            case String s -> ByteString.copyFromUtf8(s);
            default -> throw EvalError.conversion(value, "bytes");
        };
    }

    private static Object toBool(Object value) {
        return switch (value) {
            case Boolean b -> b;
            case String s ->
                switch (s) {
                    case "1", "t", "T", "true", "TRUE", "True" -> true;
                    case "0", "f", "F", "false", "FALSE", "False" -> false;
                    default -> throw EvalError.conversion(value, "bool");
                };
            default -> throw EvalError.conversion(value, "bool");
        };
    }

    private static Object toTimestamp(Object value) {
        return switch (value) {
            case Instant t -> t;
            case String s -> TimeFunctions.timestamp(s);
            case Long l -> TimeFunctions.timestamp(l);
            default -> throw EvalError.conversion(value, "google.protobuf.Timestamp");
        };
    }

    private static Object toDuration(Object value) {
        return switch (value) {
            case Duration d -> d;
            case String s -> TimeFunctions.duration(s);
            case Long l -> TimeFunctions.ofNanos(l);
            default -> throw EvalError.conversion(value, "google.protobuf.Duration");
        };
    }
}
