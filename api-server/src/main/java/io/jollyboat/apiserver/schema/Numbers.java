package io.jollyboat.apiserver.schema;

import java.math.BigDecimal;
import tools.jackson.databind.JsonNode;

/** Numbers as upstream's decoder makes them: what is written as an integer and fits is one, all else a float. */
final class Numbers {
    private static final double LARGEST_EXACT = 9007199254740991.0;
    private static final double EPSILON = 1e-9;

    private Numbers() {}

    static boolean isInteger(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToLong();
    }

    /** As upstream's schema library decides that a float is an integer. */
    static boolean isWhole(double value) {
        if (Double.isNaN(value) || Math.abs(value) > LARGEST_EXACT) {
            return false;
        }
        double rounded = Math.copySign(Math.floor(Math.abs(value) + 0.5), value);
        if (value == rounded) {
            return true;
        }
        return rounded != 0 && Math.abs(value - rounded) < EPSILON * Math.abs(rounded);
    }

    /** True where the number, written without exponent, is one of 64 bits, or of 32. */
    static boolean fitsInteger(JsonNode value, boolean narrow) {
        if (isInteger(value)) {
            return !narrow || value.canConvertToInt();
        }
        return fitsInteger(value.doubleValue(), narrow);
    }

    static boolean fitsInteger(double value, boolean narrow) {
        if (value != Math.rint(value) || Double.isInfinite(value)) {
            return false;
        }
        double limit = narrow ? 0x1p31 : 0x1p63;
        return value >= -limit && value < limit;
    }

    static boolean fitsFloat(double value) {
        return Double.isFinite(value) && !Float.isInfinite((float) value);
    }

    /** As Go turns a float into an integer on the machines that it mostly runs on. */
    static long toLong(double value) {
        return value >= -0x1p63 && value < 0x1p63 ? (long) value : Long.MIN_VALUE;
    }

    /** A float as Go's {@code %v} prints it. */
    static String text(double value) {
        if (value == 0) {
            return Double.compare(value, 0.0) == 0 ? "0" : "-0";
        }
        return written(value, -4, 6);
    }

    /** A float as Go's JSON has it. */
    static String json(double value) {
        return value == 0 ? text(value) : written(value, -6, 21);
    }

    /** @param below the least exponent that is written out */
    private static String written(double value, int below, int above) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
        }
        BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= below && exponent < above) {
            return shortest.toPlainString();
        }
        String digits = shortest.unscaledValue().abs().toString();
        StringBuilder text = new StringBuilder(value < 0 ? "-" : "").append(digits.charAt(0));
        if (digits.length() > 1) {
            text.append('.').append(digits, 1, digits.length());
        }
        int size = Math.abs(exponent);
        return text.append(exponent < 0 ? "e-" : "e+")
                .append(size < 10 && below == -4 ? "0" : "")
                .append(size)
                .toString();
    }
}
