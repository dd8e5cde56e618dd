package io.jollyboat.cel;

import static dev.cel.common.types.SimpleType.BOOL;
import static dev.cel.common.types.SimpleType.DOUBLE;
import static dev.cel.common.types.SimpleType.INT;
import static dev.cel.common.types.SimpleType.STRING;

import dev.cel.common.types.OpaqueType;
import io.jollyboat.values.Quantities;
import java.math.BigDecimal;

/** Kubernetes' quantity library. */
final class QuantityFunctions {

    static final OpaqueType TYPE = OpaqueType.create("kubernetes.Quantity");

    private QuantityFunctions() {}

    /** An amount; equal to every quantity of the same amount, however written. */
    record Quantity(BigDecimal amount) implements OpaqueValue {
        Quantity {
            amount = amount.signum() == 0 ? BigDecimal.ZERO : amount.stripTrailingZeros();
        }

        @Override
        public String typeName() {
            return "kubernetes.Quantity";
        }
    }

    static void declare(Declarations to) {
        to.global("quantity", "string_to_quantity", TYPE, a -> parse((String) a[0]), STRING);
        to.global("isQuantity", "is_quantity_string", BOOL, a -> isQuantity((String) a[0]), STRING);
        to.global("sign", "quantity_sign", INT, a -> (long) amount(a, 0).signum(), TYPE);
        to.member("isGreaterThan", "quantity_is_greater_than", BOOL, a -> compare(a) > 0, TYPE, TYPE);
        to.member("isLessThan", "quantity_is_less_than", BOOL, a -> compare(a) < 0, TYPE, TYPE);
        to.member("compareTo", "quantity_compare_to", INT, a -> (long) compare(a), TYPE, TYPE);
        to.member(
                "asApproximateFloat",
                "quantity_get_float",
                DOUBLE,
                a -> amount(a, 0).doubleValue(),
                TYPE);
        to.member("asInteger", "quantity_get_int", INT, a -> integer(amount(a, 0)), TYPE);
        to.member("isInteger", "quantity_is_integer", BOOL, a -> isInteger(amount(a, 0)), TYPE);
        to.member("add", "quantity_add", TYPE, a -> new Quantity(amount(a, 0).add(amount(a, 1))), TYPE, TYPE);
        to.member(
                "add", "quantity_add_int", TYPE, a -> new Quantity(amount(a, 0).add(whole(a))), TYPE, INT);
        to.member("sub", "quantity_sub", TYPE, a -> new Quantity(amount(a, 0).subtract(amount(a, 1))), TYPE, TYPE);
        to.member(
                "sub", "quantity_sub_int", TYPE, a -> new Quantity(amount(a, 0).subtract(whole(a))), TYPE, INT);
    }

    private static BigDecimal amount(Object[] args, int index) {
        return ((Quantity) args[index]).amount();
    }

    private static BigDecimal whole(Object[] args) {
        return BigDecimal.valueOf((Long) args[1]);
    }

    private static int compare(Object[] args) {
        return amount(args, 0).compareTo(amount(args, 1));
    }

    private static Quantity parse(String text) {
        try {
            return new Quantity(Quantities.decimal(Quantities.parse(text)));
        } catch (IllegalArgumentException e) {
            throw new EvalError(e.getMessage());
        }
    }

    private static boolean isQuantity(String text) {
        try {
            Quantities.parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isInteger(BigDecimal amount) {
        return amount.scale() <= 0 && amount.toBigInteger().bitLength() < 64;
    }

    private static Object integer(BigDecimal amount) {
        if (!isInteger(amount)) {
            throw new EvalError("cannot convert value to integer");
        }
        return amount.longValueExact();
    }
}
