package io.jollyboat.values;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The formats of names, keys and values; each check gives upstream's texts of what is wrong, or an empty list. */
public final class Names {
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
    private static final String DNS1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private static final String KEY = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final String VALUE = "(" + KEY + ")?";
    private static final String WILDCARD = "\\*\\." + SUBDOMAIN;
    private static final String CONFIG_KEY = "[-._a-zA-Z0-9]+";
    private static final String HTTP_HEADER = "[-A-Za-z0-9]+";
    private static final String PERCENT = "[0-9]+%";
    private static final Pattern LABEL_PATTERN = Pattern.compile(LABEL);
    private static final Pattern SUBDOMAIN_PATTERN = Pattern.compile(SUBDOMAIN);
    private static final Pattern DNS1035_PATTERN = Pattern.compile(DNS1035);
    private static final Pattern KEY_PATTERN = Pattern.compile(KEY);
    private static final Pattern VALUE_PATTERN = Pattern.compile(VALUE);
    private static final Pattern WILDCARD_PATTERN = Pattern.compile(WILDCARD);
    private static final Pattern CONFIG_KEY_PATTERN = Pattern.compile(CONFIG_KEY);

    private Names() {}

    public static List<String> dns1123Label(String value) {
        List<String> errors = tooLong(value, 63);
        if (!LABEL_PATTERN.matcher(value).matches()) {
            errors.add(
                    SUBDOMAIN_PATTERN.matcher(value).matches()
                            ? "must not contain dots"
                            : regex(
                                    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or"
                                            + " '-', and must start and end with an alphanumeric character",
                                    LABEL,
                                    "my-name",
                                    "123-abc"));
        }
        return errors;
    }

    public static List<String> dns1123Subdomain(String value) {
        List<String> errors = tooLong(value, 253);
        if (!SUBDOMAIN_PATTERN.matcher(value).matches()) {
            errors.add(regex(
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.',"
                            + " and must start and end with an alphanumeric character",
                    SUBDOMAIN,
                    "example.com"));
        }
        return errors;
    }

    public static List<String> dns1035Label(String value) {
        List<String> errors = tooLong(value, 63);
        if (!DNS1035_PATTERN.matcher(value).matches()) {
            errors.add(regex(
                    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an"
                            + " alphabetic character, and end with an alphanumeric character",
                    DNS1035,
                    "my-name",
                    "abc-123"));
        }
        return errors;
    }

    public static List<String> wildcardSubdomain(String value) {
        List<String> errors = tooLong(value, 253);
        if (!WILDCARD_PATTERN.matcher(value).matches()) {
            errors.add(regex(
                    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must"
                            + " consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric"
                            + " character",
                    WILDCARD,
                    "*.example.com"));
        }
        return errors;
    }

    /** A label's key, which is what upstream calls a qualified name. */
    public static List<String> qualifiedName(String value) {
        String what = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
                + " alphanumeric character";
        List<String> errors = new ArrayList<>();
        String[] parts = value.split("/", -1);
        if (parts.length > 2) {
            errors.add("a valid label key " + regex(what, KEY, "MyName", "my.name", "123-abc")
                    + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
            return errors;
        }
        if (parts.length == 2) {
            if (parts[0].isEmpty()) {
                errors.add("prefix part must be non-empty");
            } else {
                dns1123Subdomain(parts[0]).forEach(error -> errors.add("prefix part " + error));
            }
        }
        String name = parts[parts.length - 1];
        if (name.isEmpty()) {
            errors.add("name part must be non-empty");
        } else {
            tooLong(name, 63, "bytes").forEach(error -> errors.add("name part " + error));
        }
        if (!KEY_PATTERN.matcher(name).matches()) {
            errors.add("name part " + regex(what, KEY, "MyName", "my.name", "123-abc"));
        }
        return errors;
    }

    public static List<String> labelValue(String value) {
        List<String> errors = tooLong(value, 63, "bytes");
        if (!VALUE_PATTERN.matcher(value).matches()) {
            errors.add(regex(
                    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and"
                            + " must start and end with an alphanumeric character",
                    VALUE,
                    "MyValue",
                    "my_value",
                    "12345"));
        }
        return errors;
    }

    /** Upstream's relaxed rule for environment variables. */
    public static List<String> envVar(String value) {
        List<String> errors = new ArrayList<>();
        if (value.isEmpty()) {
            errors.add("environment variable name must be non-empty");
        }
        if (!value.chars().allMatch(c -> c >= 0x20 && c < 0x7f && c != '=')) {
            errors.add("a valid environment variable name must consist only of printable ASCII characters other than"
                    + " '='");
        }
        return errors;
    }

    public static List<String> configMapKey(String value) {
        List<String> errors = tooLong(value, 253);
        if (!CONFIG_KEY_PATTERN.matcher(value).matches()) {
            errors.add(regex(
                    "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
                    CONFIG_KEY,
                    "key.name",
                    "KEY_NAME",
                    "key-name"));
        }
        parentFolder(value, errors);
        return errors;
    }

    public static List<String> portName(String value) {
        List<String> errors = tooLong(value, 15);
        if (!value.matches("[-a-z0-9]+")) {
            errors.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        }
        if (value.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
            errors.add("must contain at least one letter (a-z)");
        }
        if (value.contains("--")) {
            errors.add("must not contain consecutive hyphens");
        }
        if (value.startsWith("-") || value.endsWith("-")) {
            errors.add("must not begin or end with a hyphen");
        }
        return errors;
    }

    public static List<String> portNumber(long value) {
        return inRange(value, 1, 65535);
    }

    public static List<String> inRange(long value, long low, long high) {
        return value >= low && value <= high
                ? List.of()
                : List.of("must be between " + low + " and " + high + ", inclusive");
    }

    public static List<String> percent(String value) {
        return value.matches(PERCENT)
                ? List.of()
                : List.of(regex(
                        "a valid percent string must be a numeric string followed by an ending '%'",
                        PERCENT, "1%", "93%"));
    }

    public static List<String> httpHeader(String value) {
        return value.matches(HTTP_HEADER)
                ? List.of()
                : List.of(regex(
                        "a valid HTTP header must consist of alphanumeric characters or '-'",
                        HTTP_HEADER,
                        "X-Header-Name"));
    }

    /** Names that may stand in a URL's path. */
    public static List<String> pathSegment(String value) {
        if (value.equals(".") || value.equals("..")) {
            return List.of("may not be '" + value + "'");
        }
        List<String> errors = new ArrayList<>();
        for (String banned : List.of("/", "%")) {
            if (value.contains(banned)) {
                errors.add("may not contain '" + banned + "'");
            }
        }
        return errors;
    }

    /** A list with the error of a value over its limit; the list can be added to. */
    public static List<String> tooLong(String value, int limit) {
        return tooLong(value, limit, "characters");
    }

    /** Upstream words the limits of label keys and values in bytes, others in characters. */
    private static List<String> tooLong(String value, int limit, String unit) {
        List<String> errors = new ArrayList<>();
        if (value.length() > limit) {
            errors.add("must be no more than " + limit + " " + unit);
        }
        return errors;
    }

    /** Upstream's wording of a value that does not match a pattern. */
    public static String regex(String message, String pattern, String... examples) {
        StringBuilder text = new StringBuilder(message);
        if (examples.length == 0) {
            return text.append(" (regex used for validation is '")
                    .append(pattern)
                    .append("')")
                    .toString();
        }
        text.append(" (e.g. ");
        for (int i = 0; i < examples.length; i++) {
            text.append(i > 0 ? " or '" : "'").append(examples[i]).append("', ");
        }
        return text.append("regex used for validation is '")
                .append(pattern)
                .append("')")
                .toString();
    }

    private static void parentFolder(String value, List<String> errors) {
        if (value.equals(".")) {
            errors.add("must not be '.'");
        } else if (value.equals("..")) {
            errors.add("must not be '..'");
        } else if (value.startsWith("..")) {
            errors.add("must not start with '..'");
        }
    }
}
