package io.jollyboat.values;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * A quantity's number and format. Small numbers are a long and a decimal scale, others a BigDecimal, as the canonical
 * form and the rounding rules require.
 *
 * @param text the form as written, where upstream keeps it; null where the canonical form is to be computed
 */
record Amount(long value, int scale, BigDecimal big, QuantityFormat format, String text) {
    static final Amount ZERO = new Amount(0, 0, null, QuantityFormat.DECIMAL_SI, "0");
    private static final BigDecimal LOW = BigDecimal.valueOf(-1024);
    private static final BigDecimal HIGH = BigDecimal.valueOf(1024);
    private static final BigInteger KIBI = BigInteger.valueOf(1024);
    private static final String[] BINARY = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};

    static Amount of(long value, int scale, QuantityFormat format) {
        return new Amount(value, scale, null, format, null);
    }

    static Amount of(BigDecimal big, QuantityFormat format) {
        return new Amount(0, 0, big, format, null);
    }

    BigDecimal decimal() {
        return big != null ? big : BigDecimal.valueOf(value, -scale);
    }

    boolean isZero() {
        return big != null ? big.signum() == 0 : value == 0;
    }

    int signum() {
        return big != null ? big.signum() : Long.signum(value);
    }

    int compareTo(Amount other) {
        if (big == null && other.big == null && scale == other.scale) {
            return Long.compare(value, other.value);
        }
        return decimal().compareTo(other.decimal());
    }

    Amount plus(Amount other) {
        QuantityFormat result = isZero() ? other.format : format;
        if (big == null && other.big == null) {
            if (scale == other.scale) {
                long sum = value + other.value;
                if (((value ^ sum) & (other.value ^ sum)) >= 0) {
                    return of(sum, scale, result);
                }
            }
        }
        return of(decimal().add(other.decimal()), result);
    }

    Amount negated() {
        return big != null ? of(big.negate(), format) : of(-value, scale, format);
    }

    /** The number times ten to the minus {@code exponent}, rounded away from zero; capped to a long. */
    long scaled(int exponent) {
        if (big == null && scale == exponent) {
            return value;
        }
        BigInteger result =
                decimal().movePointLeft(exponent).setScale(0, RoundingMode.UP).unscaledValue();
        if (result.bitLength() > 63) {
            return result.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        return result.longValue();
    }

    /** Upstream's string form. */
    String print() {
        if (text != null) {
            return text;
        }
        if (isZero()) {
            return "0";
        }
        if (format == QuantityFormat.BINARY_SI) {
            BigDecimal decimal = decimal();
            boolean small = decimal.compareTo(LOW) > 0 && decimal.compareTo(HIGH) < 0;
            BigDecimal whole = decimal.setScale(0, RoundingMode.UP);
            if (!small && whole.compareTo(decimal) == 0) {
                return printBinary(whole.unscaledValue());
            }
        }
        return printDecimal();
    }

    private static String printBinary(BigInteger whole) {
        BigInteger rest = whole;
        int times = 0;
        while (true) {
            BigInteger[] parts = rest.divideAndRemainder(KIBI);
            if (parts[1].signum() != 0) {
                break;
            }
            rest = parts[0];
            times++;
        }
        return rest + (times < BINARY.length ? BINARY[times] : "");
    }

    private String printDecimal() {
        BigInteger mantissa = big != null ? big.unscaledValue() : BigInteger.valueOf(value);
        int exponent = big != null ? -big.scale() : scale;
        while (true) {
            BigInteger[] parts = mantissa.divideAndRemainder(BigInteger.TEN);
            if (parts[1].signum() != 0) {
                break;
            }
            mantissa = parts[0];
            exponent++;
        }
        while (exponent % 3 != 0) {
            mantissa = mantissa.multiply(BigInteger.TEN);
            exponent--;
        }
        if (format == QuantityFormat.DECIMAL_EXPONENT) {
            return exponent == 0 ? mantissa.toString() : mantissa + "e" + exponent;
        }
        return mantissa + decimalSuffix(exponent);
    }

    private static String decimalSuffix(int exponent) {
        return switch (exponent) {
            case -9 -> "n";
            case -6 -> "u";
            case -3 -> "m";
            case 3 -> "k";
            case 6 -> "M";
            case 9 -> "G";
            case 12 -> "T";
            case 15 -> "P";
            case 18 -> "E";
            default -> "";
        };
    }
}
