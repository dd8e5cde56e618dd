package io.jollyboat.values;

import io.jollyboat.api.intstr.IntOrString;

/** Numbers that may be percentages or names. */
public final class IntOrStrings {
    private IntOrStrings() {}

    public static IntOrString of(int value) {
        return IntOrString.newBuilder().setType(0).setIntVal(value).build();
    }

    public static IntOrString of(String value) {
        return IntOrString.newBuilder().setType(1).setStrVal(value).build();
    }

    public static boolean isString(IntOrString value) {
        return value.getType() == 1;
    }

    /** The number, or the string as it is. */
    public static String text(IntOrString value) {
        return isString(value) ? value.getStrVal() : Integer.toString(value.getIntVal());
    }

    /** The number itself; a string's number, or 0 where it is none. */
    public static int intValue(IntOrString value) {
        if (!isString(value)) {
            return value.getIntVal();
        }
        try {
            return Integer.parseInt(value.getStrVal());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** True for strings such as {@code 25%}. */
    public static boolean isPercent(IntOrString value) {
        return isString(value) && value.getStrVal().matches("[0-9]+%");
    }

    /**
     * The number, or the percentage of a total, rounded up or down.
     *
     * @throws IllegalArgumentException with upstream's text when a string is no percentage
     */
    public static int scaled(IntOrString value, int total, boolean roundUp) {
        if (!isString(value)) {
            return value.getIntVal();
        }
        String text = value.getStrVal();
        if (!text.endsWith("%")) {
            throw new IllegalArgumentException(
                    "invalid value for IntOrString: invalid type: string is not a percentage");
        }
        long percent;
        try {
            percent = Integer.parseInt(text.substring(0, text.length() - 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "invalid value for IntOrString: invalid value \"" + text
                            + "\": strconv.Atoi: parsing \"" + text.substring(0, text.length() - 1)
                            + "\": invalid syntax",
                    e);
        }
        long product = percent * total;
        return (int) (roundUp ? Math.ceilDiv(product, 100L) : Math.floorDiv(product, 100L));
    }
}
