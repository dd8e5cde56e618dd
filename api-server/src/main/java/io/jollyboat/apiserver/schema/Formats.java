package io.jollyboat.apiserver.schema;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The formats of texts that upstream checks in 1.36; it ignores all others. */
final class Formats {
    private static final Pattern CARD = Pattern.compile("^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}"
            + "|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}"
            + "|(?:2131|1800|35\\d{3})\\d{11})$");
    private static final java.util.regex.Pattern HOSTNAME =
            java.util.regex.Pattern.compile("^([a-zA-Z0-9\\p{S}\\p{L}]((-?[a-zA-Z0-9\\p{S}\\p{L}]{0,62})?)"
                    + "|([a-zA-Z0-9\\p{S}\\p{L}](([a-zA-Z0-9-\\p{S}\\p{L}]{0,61}[a-zA-Z0-9\\p{S}\\p{L}])?)(\\.)){1,}"
                    + "([a-zA-Z\\p{L}]){2,63})$");
    private static final String SHORT_NAME = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final Pattern TIME =
            Pattern.compile("^([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))$");
    private static final String CHANNEL = "\\s*(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])\\s*";

    private static final Map<String, Predicate<String>> KNOWN = Map.ofEntries(
            Map.entry("bsonobjectid", matching("^[0-9a-fA-F]{24}$")),
            Map.entry("uri", UriText::isRequestUri),
            Map.entry("email", MailText::isAddress),
            Map.entry("hostname", Formats::isHostname),
            Map.entry("ipv4", text -> text.indexOf('.') >= 0 && AddressText.isIp(text, true)),
            Map.entry("ipv6", text -> text.indexOf(':') >= 0 && AddressText.isIp(text, false)),
            Map.entry("cidr", AddressText::isCidr),
            Map.entry("mac", AddressText::isMac),
            Map.entry("uuid", uuid("[0-9a-f]{4}-?[0-9a-f]{4}")),
            Map.entry("uuid3", uuid("3[0-9a-f]{3}-?[0-9a-f]{4}")),
            Map.entry("uuid4", uuid("4[0-9a-f]{3}-?[89ab][0-9a-f]{3}")),
            Map.entry("uuid5", uuid("5[0-9a-f]{3}-?[89ab][0-9a-f]{3}")),
            Map.entry("isbn", text -> isIsbn10(text) || isIsbn13(text)),
            Map.entry("isbn10", Formats::isIsbn10),
            Map.entry("isbn13", Formats::isIsbn13),
            Map.entry("creditcard", Formats::isCard),
            Map.entry(
                    "ssn",
                    matching("^(\\d{3}-\\d{2}-\\d{4}|\\d{3} \\d{2} \\d{4}|\\d{3}-\\d{2} \\d{4}"
                            + "|\\d{3} \\d{2}-\\d{4})$")),
            Map.entry("hexcolor", matching("^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$")),
            Map.entry("rgbcolor", matching("^rgb\\(" + CHANNEL + "," + CHANNEL + "," + CHANNEL + "\\)$")),
            Map.entry("byte", Formats::isBase64),
            Map.entry("password", _ -> true),
            Map.entry("date", Formats::isDate),
            Map.entry("duration", DurationText::isDuration),
            Map.entry("datetime", Formats::isDateTime),
            Map.entry("k8sshortname", limited(63, SHORT_NAME)),
            Map.entry("k8slongname", limited(253, SHORT_NAME + "(\\." + SHORT_NAME + ")*")));

    private static final Set<String> INTEGERS = Set.of("int32", "int64");
    private static final Set<String> FLOATS = Set.of("float", "double");

    private Formats() {}

    /** The declared format where it counts for the type, else null. */
    static String counted(String format, int types, String typeText, boolean all) {
        if (format.isEmpty()) {
            return null;
        }
        boolean counts;
        if (all) {
            counts = true;
        } else if (typeText == null || typeText.indexOf(',') >= 0 || types == Kind.STRING.bit()) {
            counts = isKnown(format);
        } else if (types == Kind.INTEGER.bit()) {
            counts = INTEGERS.contains(format);
        } else {
            counts = types == Kind.NUMBER.bit() && FLOATS.contains(format);
        }
        return counts ? format : null;
    }

    static boolean isKnown(String format) {
        return KNOWN.containsKey(plain(format));
    }

    static boolean matches(String format, String text) {
        return KNOWN.get(plain(format)).test(text);
    }

    /** Dashes in names of formats count for nothing. */
    private static String plain(String format) {
        return format.indexOf('-') < 0 ? format : format.replace("-", "");
    }

    private static Predicate<String> matching(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return text -> compiled.matcher(text).find();
    }

    private static Predicate<String> limited(int length, String pattern) {
        Predicate<String> matching = matching("^" + pattern + "$");
        return text -> text.length() <= length && matching.test(text);
    }

    private static Predicate<String> uuid(String middle) {
        return matching("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?" + middle + "-?[0-9a-f]{12}$");
    }

    private static boolean isHostname(String text) {
        // The length first: it bounds the time that the pattern takes. RE2's tables lack newer symbols.
        if (Texts.bytes(text) > 255 || !HOSTNAME.matcher(text).find()) {
            return false;
        }
        for (String label : text.split("\\.", -1)) {
            if (Texts.bytes(label) > 63) {
                return false;
            }
        }
        return true;
    }

    private static boolean isIsbn10(String text) {
        String digits = Texts.without(text, c -> Character.isWhitespace(c) || c == '-');
        if (!digits.matches("[0-9]{9}[0-9X]")) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < 10; i++) {
            sum += (i + 1) * (digits.charAt(i) == 'X' ? 10 : digits.charAt(i) - '0');
        }
        return sum % 11 == 0;
    }

    private static boolean isIsbn13(String text) {
        String digits = Texts.without(text, c -> Character.isWhitespace(c) || c == '-');
        if (!digits.matches("[0-9]{13}")) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < 12; i++) {
            sum += (i % 2 == 0 ? 1 : 3) * (digits.charAt(i) - '0');
        }
        return digits.charAt(12) - '0' == (10 - sum % 10) % 10;
    }

    private static boolean isCard(String text) {
        String digits = Texts.without(text, c -> c < '0' || c > '9');
        if (!CARD.matcher(digits).find()) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int counted = i % 2 == 1 ? digit * 2 : digit;
            sum += counted >= 10 ? counted - 9 : counted;
        }
        return sum % 10 == 0;
    }

    private static boolean isBase64(String text) {
        if (text.isEmpty() || text.length() % 4 != 0) {
            return false;
        }
        int end = text.length() - (text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (!Texts.isAlphanumeric(c) && c != '+' && c != '/') {
                return false;
            }
        }
        return true;
    }

    private static boolean isDate(String text) {
        if (!text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
            return false;
        }
        try {
            LocalDate.of(
                    Integer.parseInt(text.substring(0, 4)),
                    Integer.parseInt(text.substring(5, 7)),
                    Integer.parseInt(text.substring(8)));
            return true;
        } catch (DateTimeException _) {
            return false;
        }
    }

    private static boolean isDateTime(String text) {
        String[] parts = text.toLowerCase(Locale.ROOT).split("t", -1);
        if (parts.length < 2 || !isDate(parts[0])) {
            return false;
        }
        Matcher time = TIME.matcher(parts[1]);
        return time.find()
                && time.group(1).compareTo("23") <= 0
                && time.group(2).compareTo("59") <= 0
                && time.group(3).compareTo("59") <= 0;
    }
}
