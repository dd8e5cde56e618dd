package io.jollyboat.cel;

import com.google.common.primitives.UnsignedLong;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Comparisons across the three number types, and whole-number conversions. */
final class Numbers {

    private static final double TWO_63 = 0x1p63;
    private static final double TWO_64 = 0x1p64;

    private Numbers() {}

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof UnsignedLong;
    }

    static boolean equal(Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            return x.longValue() == y.longValue();
        }
        if (isNaN(a) || isNaN(b)) {
            return false;
        }
        return compare(a, b) == 0;
    }

    /** Order by value; an error for NaN, which has no place in it. */
    static int compare(Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            return Long.compare(x, y);
        }
        if (isNaN(a) || isNaN(b)) {
            throw new EvalError("NaN values cannot be ordered");
        }
        if (a instanceof UnsignedLong x && b instanceof UnsignedLong y) {
            return x.compareTo(y);
        }
        if (a instanceof Double x && b instanceof Double y) {
            return x < y ? -1 : x > y ? 1 : 0;
        }
        if (isInfinite(a) || isInfinite(b)) {
            double left = ((Number) a).doubleValue();
            double right = ((Number) b).doubleValue();
            return Double.compare(left, right);
        }
        return decimal(a).compareTo(decimal(b));
    }

    private static boolean isNaN(Object value) {
        return value instanceof Double d && d.isNaN();
    }

    private static boolean isInfinite(Object value) {
        return value instanceof Double d && d.isInfinite();
    }

    private static BigDecimal decimal(Object value) {
        return switch (value) {
            case Long l -> BigDecimal.valueOf(l);
            case UnsignedLong u -> new BigDecimal(u.bigIntegerValue());
            case Double d -> new BigDecimal(d);
            default -> throw EvalError.noSuchOverload();
        };
    }

    /** A form of a map key that is equal for equal numbers of different types. */
    static Object key(Object key) {
        return switch (key) {
            case UnsignedLong u when u.longValue() >= 0 -> u.longValue();
            case Double d when d == Math.rint(d) && d >= -TWO_63 && d < TWO_63 -> d.longValue();
            default -> key;
        };
    }

    static long toInt(double value) {
        if (!(value > -TWO_63 && value < TWO_63)) {
            throw new EvalError("integer overflow");
        }
        return (long) value;
    }

    static UnsignedLong toUint(double value) {
        if (!(value >= 0 && value < TWO_64)) {
            throw new EvalError("unsigned integer overflow");
        }
        return UnsignedLong.valueOf(new BigDecimal(value).toBigInteger());
    }

    static UnsignedLong uint(BigInteger value) {
        if (value.signum() < 0 || value.bitLength() > 64) {
            throw new EvalError("unsigned integer overflow");
        }
        return UnsignedLong.valueOf(value);
    }
}
