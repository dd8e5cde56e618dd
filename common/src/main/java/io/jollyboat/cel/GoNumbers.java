package io.jollyboat.cel;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** Floating point numbers as Go's formatting verbs print them. */
final class GoNumbers {

    private GoNumbers() {}

    /** {@code %g}: the shortest digits that read back, with an exponent below 1e-4 and from 1e21. */
    static String shortest(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        if (exponent >= -4 && exponent < 21) {
            return digits.toPlainString();
        }
        String plain = digits.unscaledValue().abs().toString();
        String mantissa = plain.length() == 1 ? plain : plain.charAt(0) + "." + plain.substring(1);
        return (value < 0 ? "-" : "") + mantissa + "e" + (exponent < 0 ? "-" : "+") + twoDigits(Math.abs(exponent));
    }

    /** {@code %.Nf}. */
    static String fixed(double value, int precision) {
        return new BigDecimal(value).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
    }

    /** {@code %.Ne}. */
    static String scientific(double value, int precision) {
        return String.format(Locale.ROOT, "%." + precision + "e", value);
    }

    private static String twoDigits(int exponent) {
        return exponent < 10 ? "0" + exponent : Integer.toString(exponent);
    }
}
