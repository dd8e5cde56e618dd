package io.jollyboat.controllers.objects;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prints the Go struct that upstream parses a quantity into: a scaled integer, and the original text when upstream sees
 * at once that it is canonical. Numbers beyond 18 digits, which upstream keeps in another form, are printed as zero.
 */
final class GoQuantity {
    private static final Pattern FORM = Pattern.compile("([+-]?)0*([0-9]*)(?:\\.([0-9]*))?([a-zA-Z]*[-+]?[0-9]*)");
    private static final Map<String, Integer> DECIMAL =
            Map.of("n", -9, "u", -6, "m", -3, "", 0, "k", 3, "M", 6, "G", 9, "T", 12, "P", 15, "E", 18);
    private static final Map<String, Integer> BINARY =
            Map.of("Ki", 10, "Mi", 20, "Gi", 30, "Ti", 40, "Pi", 50, "Ei", 60);

    private GoQuantity() {}

    static void print(String text, StringBuilder out) {
        Matcher form = FORM.matcher(text);
        if (text.isEmpty() || text.equals("0") || !form.matches()) {
            append(0, 0, "0", "DecimalSI", out);
            return;
        }
        String fraction = form.group(3) == null ? "" : form.group(3);
        String number = form.group(2).isEmpty() ? "0" : form.group(2);
        String digits = number + fraction;
        String suffix = form.group(4);
        if (digits.length() > 18) {
            append(0, 0, "", "DecimalSI", out);
            return;
        }
        long sign = form.group(1).equals("-") ? -1 : 1;
        long value = Long.parseLong(digits);
        Integer binary = BINARY.get(suffix);
        if (binary != null) {
            boolean canonical = (value & 7) != 0;
            append(sign * (value << binary), 0, canonical ? text : "", "BinarySI", out);
            return;
        }
        Integer decimal = DECIMAL.get(suffix);
        int exponent = decimal != null ? decimal : Integer.parseInt(suffix.substring(1));
        int scale = exponent - fraction.length();
        boolean canonical = scale % 3 == 0 && !digits.endsWith("000") && digits.charAt(0) != '0';
        append(sign * value, scale, canonical ? text : "", decimal != null ? "DecimalSI" : "DecimalExponent", out);
    }

    private static void append(long value, int scale, String text, String format, StringBuilder out) {
        out.append("{i:(resource.int64Amount){value:(int64)")
                .append(value)
                .append(" scale:(resource.Scale)")
                .append(scale)
                .append("} d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)")
                .append(text)
                .append(" Format:(resource.Format)")
                .append(format)
                .append('}');
    }
}
