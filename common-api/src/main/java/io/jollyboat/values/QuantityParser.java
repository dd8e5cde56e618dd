package io.jollyboat.values;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Upstream's quantity grammar, its rounding to nano units and its rule on which spellings are kept. */
final class QuantityParser {
    private static final String FORMAT =
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    private static final String SUFFIX = "unable to parse quantity's suffix";
    private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);
    /** Beyond this an exponent only serves to make us compute with millions of digits. */
    private static final int MAX_EXPONENT = 10_000;

    private final String input;
    private boolean negative;
    private String digits = "0";
    private String fraction = "";
    private String suffix = "";
    private int exponent;
    private QuantityFormat format = QuantityFormat.DECIMAL_SI;

    private QuantityParser(String input) {
        this.input = input;
    }

    static Amount parse(String input) {
        if (input.isEmpty()) {
            throw new IllegalArgumentException(FORMAT);
        }
        return input.equals("0") ? Amount.ZERO : new QuantityParser(input).parse();
    }

    private Amount parse() {
        split();
        interpretSuffix();
        boolean binary = format == QuantityFormat.BINARY_SI;
        int precision;
        int scale = binary ? 0 : exponent;
        if (!binary) {
            precision = 18 - digits.length() - fraction.length();
        } else {
            precision =
                    exponent >= 0 && fraction.isEmpty() ? 15 - digits.length() - (int) (exponent * 3f / 10) - 1 : -1;
        }
        scale -= fraction.length();
        if (precision >= 0 && scale >= -9) {
            String shifted = digits + fraction;
            long number = Long.parseLong(shifted);
            long result = binary ? number << exponent : number;
            boolean kept = binary
                    ? exponent % 10 == 0 && (number & 7) != 0
                    : scale % 3 == 0 && !shifted.endsWith("000") && shifted.charAt(0) != '0';
            return new Amount(negative ? -result : result, scale, null, format, kept ? input : null);
        }
        return large();
    }

    private Amount large() {
        BigDecimal number = new BigDecimal(digits + (fraction.isEmpty() ? "" : "." + fraction));
        number = format == QuantityFormat.BINARY_SI
                ? number.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(exponent)))
                : number.scaleByPowerOfTen(exponent);
        if (number.scale() > 9) {
            number = number.setScale(9, RoundingMode.UP);
        }
        if (format == QuantityFormat.BINARY_SI) {
            if (number.compareTo(MAX) > 0) {
                number = MAX;
            }
            if (number.compareTo(BigDecimal.ONE) < 0 && number.signum() > 0) {
                format = QuantityFormat.DECIMAL_SI;
            }
        }
        return Amount.of(negative ? number.negate() : number, format);
    }

    private void split() {
        int end = input.length();
        int at = 0;
        if (input.charAt(0) == '-' || input.charAt(0) == '+') {
            negative = input.charAt(0) == '-';
            at++;
        }
        while (at < end && input.charAt(at) == '0') {
            at++;
        }
        int start = at;
        at = skipDigits(at);
        if (at > start) {
            digits = input.substring(start, at);
        }
        if (at < end && input.charAt(at) == '.') {
            start = at + 1;
            at = skipDigits(start);
            fraction = input.substring(start, at);
        }
        start = at;
        while (at < end && "eEinumkKMGTP".indexOf(input.charAt(at)) >= 0) {
            at++;
        }
        if (at < end && (input.charAt(at) == '-' || input.charAt(at) == '+')) {
            at++;
        }
        at = skipDigits(at);
        if (at < end) {
            throw new IllegalArgumentException(FORMAT);
        }
        suffix = input.substring(start);
    }

    private int skipDigits(int from) {
        int at = from;
        while (at < input.length() && input.charAt(at) >= '0' && input.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    private void interpretSuffix() {
        switch (suffix) {
            case "" -> exponent = 0;
            case "n" -> exponent = -9;
            case "u" -> exponent = -6;
            case "m" -> exponent = -3;
            case "k" -> exponent = 3;
            case "M" -> exponent = 6;
            case "G" -> exponent = 9;
            case "T" -> exponent = 12;
            case "P" -> exponent = 15;
            case "E" -> exponent = 18;
            case "Ki" -> binary(10);
            case "Mi" -> binary(20);
            case "Gi" -> binary(30);
            case "Ti" -> binary(40);
            case "Pi" -> binary(50);
            case "Ei" -> binary(60);
            default -> {
                format = QuantityFormat.DECIMAL_EXPONENT;
                if (suffix.length() < 2 || (suffix.charAt(0) != 'e' && suffix.charAt(0) != 'E')) {
                    throw new IllegalArgumentException(SUFFIX);
                }
                try {
                    exponent = Integer.parseInt(suffix.substring(1));
                } catch (NumberFormatException e) {
                    throw new IllegalArgumentException(SUFFIX, e);
                }
                if (Math.abs(exponent) > MAX_EXPONENT) {
                    throw new IllegalArgumentException(SUFFIX);
                }
            }
        }
    }

    private void binary(int power) {
        exponent = power;
        format = QuantityFormat.BINARY_SI;
    }
}
