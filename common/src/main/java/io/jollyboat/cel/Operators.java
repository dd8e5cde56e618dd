package io.jollyboat.cel;

import com.google.common.primitives.UnsignedLong;
import com.google.protobuf.ByteString;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The operators and the functions of the language itself, by name. */
final class Operators {

    /** A list that only a comprehension sees while it fills it. */
    static final class Accumulator extends ArrayList<Object> {
        private static final long serialVersionUID = 1L;
    }

    private static final Map<String, Function> STANDARD = standard();

    private Operators() {}

    static Function find(String name) {
        return STANDARD.get(name);
    }

    private static Map<String, Function> standard() {
        Map<String, Function> all = new HashMap<>();
        all.put("_+_", args -> add(args[0], args[1]));
        all.put("_-_", args -> subtract(args[0], args[1]));
        all.put("_*_", args -> multiply(args[0], args[1]));
        all.put("_/_", args -> divide(args[0], args[1]));
        all.put("_%_", args -> modulo(args[0], args[1]));
        all.put("-_", args -> negate(args[0]));
        all.put("!_", args -> {
            if (args[0] instanceof Boolean b) {
                return !b;
            }
            throw EvalError.noSuchOverload("!_");
        });
        all.put("_==_", args -> Values.equal(args[0], args[1]));
        all.put("_!=_", args -> !Values.equal(args[0], args[1]));
        all.put("_<_", args -> compare("_<_", args[0], args[1]) < 0);
        all.put("_<=_", args -> compare("_<=_", args[0], args[1]) <= 0);
        all.put("_>_", args -> compare("_>_", args[0], args[1]) > 0);
        all.put("_>=_", args -> compare("_>=_", args[0], args[1]) >= 0);
        all.put("@in", args -> in(args[0], args[1]));
        all.put("size", args -> {
            long size = Values.size(args[0]);
            if (size < 0) {
                throw EvalError.noSuchOverload("size");
            }
            return size;
        });
        all.put("startsWith", args -> text(args[0]).startsWith(text(args[1])));
        all.put("endsWith", args -> text(args[0]).endsWith(text(args[1])));
        all.put("contains", args -> text(args[0]).contains(text(args[1])));
        all.put(
                "matches",
                args -> Regexes.compile(text(args[1])).matcher(text(args[0])).find());
        Conversions.addTo(all);
        TimeFunctions.addTo(all);
        return Map.copyOf(all);
    }

    static String text(Object value) {
        if (value instanceof String s) {
            return s;
        }
        throw EvalError.noSuchOverload();
    }

    private static Object add(Object a, Object b) {
        try {
            return switch (a) {
                case Long x when b instanceof Long y -> Math.addExact(x, y);
                case Double x when b instanceof Double y -> x + y;
                case String x when b instanceof String y -> x + y;
                case UnsignedLong x
                when b instanceof UnsignedLong y ->
                    Numbers.uint(x.bigIntegerValue().add(y.bigIntegerValue()));
                case ByteString x when b instanceof ByteString y -> x.concat(y);
                case Accumulator x
                when b instanceof List<?> y -> {
                    x.addAll(y);
                    yield x;
                }
                case SchemaList x when b instanceof List<?> y -> x.plus(y);
                case List<?> x when b instanceof List<?> y -> concat(x, y);
                case Instant x when b instanceof Duration y -> TimeFunctions.inRange(x.plus(y));
                case Duration x when b instanceof Instant y -> TimeFunctions.inRange(y.plus(x));
                case Duration x when b instanceof Duration y -> TimeFunctions.checked(x.plus(y));
                default ->
                    throw unsupported("_+_", !(a instanceof Boolean) && !(a instanceof Map) && !(a instanceof Null));
            };
        } catch (ArithmeticException e) {
            throw new EvalError("integer overflow");
        }
    }

    private static List<Object> concat(List<?> a, List<?> b) {
        List<Object> all = new ArrayList<>(a.size() + b.size());
        all.addAll(a);
        all.addAll(b);
        return all;
    }

    private static Object subtract(Object a, Object b) {
        try {
            return switch (a) {
                case Long x when b instanceof Long y -> Math.subtractExact(x, y);
                case Double x when b instanceof Double y -> x - y;
                case UnsignedLong x
                when b instanceof UnsignedLong y ->
                    Numbers.uint(x.bigIntegerValue().subtract(y.bigIntegerValue()));
                case Instant x when b instanceof Duration y -> TimeFunctions.inRange(x.minus(y));
                case Instant x when b instanceof Instant y -> TimeFunctions.checked(Duration.between(y, x));
                case Duration x when b instanceof Duration y -> TimeFunctions.checked(x.minus(y));
                default ->
                    throw unsupported("_-_", a instanceof Instant || a instanceof Duration || Numbers.isNumber(a));
            };
        } catch (ArithmeticException e) {
            throw new EvalError("integer overflow");
        }
    }

    private static Object multiply(Object a, Object b) {
        try {
            return switch (a) {
                case Long x when b instanceof Long y -> Math.multiplyExact(x, y);
                case Double x when b instanceof Double y -> x * y;
                case UnsignedLong x
                when b instanceof UnsignedLong y ->
                    Numbers.uint(x.bigIntegerValue().multiply(y.bigIntegerValue()));
                default -> throw unsupported("_*_", Numbers.isNumber(a));
            };
        } catch (ArithmeticException e) {
            throw new EvalError("integer overflow");
        }
    }

    private static Object divide(Object a, Object b) {
        return switch (a) {
            case Long x
            when b instanceof Long y -> {
                if (y == 0) {
                    throw new EvalError("division by zero");
                }
                if (x == Long.MIN_VALUE && y == -1) {
                    throw new EvalError("integer overflow");
                }
                yield x / y;
            }
            case Double x when b instanceof Double y -> x / y;
            case UnsignedLong x
            when b instanceof UnsignedLong y -> {
                if (y.equals(UnsignedLong.ZERO)) {
                    throw new EvalError("division by zero");
                }
                yield x.dividedBy(y);
            }
            default -> throw unsupported("_/_", Numbers.isNumber(a));
        };
    }

    private static Object modulo(Object a, Object b) {
        return switch (a) {
            case Long x
            when b instanceof Long y -> {
                if (y == 0) {
                    throw new EvalError("modulus by zero");
                }
                if (x == Long.MIN_VALUE && y == -1) {
                    throw new EvalError("integer overflow");
                }
                yield x % y;
            }
            case UnsignedLong x
            when b instanceof UnsignedLong y -> {
                if (y.equals(UnsignedLong.ZERO)) {
                    throw new EvalError("modulus by zero");
                }
                yield x.mod(y);
            }
            default -> throw unsupported("_%_", a instanceof Long || a instanceof UnsignedLong);
        };
    }

    private static Object negate(Object a) {
        return switch (a) {
            case Long x when x == Long.MIN_VALUE -> throw new EvalError("integer overflow");
            case Long x -> -x;
            case Double x -> -x;
            case Duration x -> x.negated();
            default -> throw EvalError.noSuchOverload("-_");
        };
    }

    /** cel-go names the function only where the left operand has no such operation at all. */
    private static EvalError unsupported(String function, boolean has) {
        return has ? EvalError.noSuchOverload() : EvalError.noSuchOverload(function);
    }

    /** Order of two values that have one. */
    static int compare(String function, Object a, Object b) {
        if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
            return Numbers.compare(a, b);
        }
        return switch (a) {
            case String x when b instanceof String y -> compareText(x, y);
            case Boolean x when b instanceof Boolean y -> Boolean.compare(x, y);
            case Instant x when b instanceof Instant y -> Integer.signum(x.compareTo(y));
            case Duration x when b instanceof Duration y -> Integer.signum(x.compareTo(y));
            case ByteString x
            when b instanceof ByteString y ->
                ByteString.unsignedLexicographicalComparator().compare(x, y);
            case List<?> x -> throw EvalError.noSuchOverload(function);
            case Map<?, ?> x -> throw EvalError.noSuchOverload(function);
            case Null x -> throw EvalError.noSuchOverload(function);
            default -> throw EvalError.noSuchOverload();
        };
    }

    /** Go compares UTF-8 bytes, which is the order of code points. */
    private static int compareText(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean surrogates = Character.isSurrogate(x) != Character.isSurrogate(y);
                return surrogates ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    static boolean in(Object element, Object container) {
        if (container instanceof Map<?, ?> map) {
            return Values.find(map, element) != null;
        }
        if (!(container instanceof List<?> list)) {
            throw EvalError.noSuchOverload("@in");
        }
        for (Object candidate : list) {
            if (Values.equal(candidate, element)) {
                return true;
            }
        }
        return false;
    }

    static BigInteger big(Object value) {
        return value instanceof UnsignedLong u ? u.bigIntegerValue() : BigInteger.valueOf((Long) value);
    }
}
