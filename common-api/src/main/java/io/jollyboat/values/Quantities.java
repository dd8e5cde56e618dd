package io.jollyboat.values;

import io.jollyboat.api.quantity.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Arithmetic on quantities such as {@code 100m} and {@code 1Gi}. Results are in upstream's canonical form. An unset
 * quantity is zero; a malformed one throws IllegalArgumentException with upstream's text.
 */
public final class Quantities {
    private static final Quantity ZERO = Quantity.newBuilder().setString("0").build();

    private Quantities() {}

    public static Quantity zero() {
        return ZERO;
    }

    public static Quantity parse(String text) {
        return message(amount(text));
    }

    /** The form upstream prints the quantity in; keeps spellings that upstream keeps. */
    public static String canonical(String text) {
        return amount(text).print();
    }

    /** For instance {@code of(3, DECIMAL_SI)} or {@code of(1 << 30, BINARY_SI)}. */
    public static Quantity of(long value, QuantityFormat format) {
        return message(Amount.of(value, 0, format));
    }

    public static Quantity of(long value) {
        return of(value, QuantityFormat.DECIMAL_SI);
    }

    /** Whole units, rounded away from zero. */
    public static long value(Quantity quantity) {
        return amount(quantity).scaled(0);
    }

    /** Thousandths, rounded away from zero. */
    public static long milliValue(Quantity quantity) {
        return amount(quantity).scaled(-3);
    }

    public static BigDecimal decimal(Quantity quantity) {
        return amount(quantity).decimal();
    }

    public static QuantityFormat format(Quantity quantity) {
        return amount(quantity).format();
    }

    public static int compare(Quantity left, Quantity right) {
        return amount(left).compareTo(amount(right));
    }

    public static int signum(Quantity quantity) {
        return amount(quantity).signum();
    }

    public static boolean isZero(Quantity quantity) {
        return amount(quantity).isZero();
    }

    /** The sum, in the left one's format unless that is zero. */
    public static Quantity add(Quantity left, Quantity right) {
        return message(amount(left).plus(amount(right)));
    }

    public static Quantity subtract(Quantity left, Quantity right) {
        return message(amount(left).plus(amount(right).negated()));
    }

    /** Thousandths at least: upstream rounds finer resource amounts up. The same instance where nothing changes. */
    public static Quantity roundUpToMilli(Quantity quantity) {
        String text = quantity.getString();
        boolean fine = text.endsWith("n") || text.endsWith("u") || text.contains("e-");
        return fine
                ? message(Amount.of(
                        amount(text).decimal().setScale(3, RoundingMode.UP),
                        amount(text).format()))
                : quantity;
    }

    public static Quantity max(Quantity left, Quantity right) {
        return compare(left, right) >= 0 ? left : right;
    }

    private static Amount amount(Quantity quantity) {
        String text = quantity.getString();
        return text.isEmpty() ? Amount.ZERO : amount(text);
    }

    private static Amount amount(String text) {
        return QuantityParser.parse(text);
    }

    private static Quantity message(Amount amount) {
        return Quantity.newBuilder().setString(amount.print()).build();
    }
}
