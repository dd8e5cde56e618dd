package io.jollyboat.cel;

import static dev.cel.common.types.SimpleType.STRING;

import dev.cel.common.types.ListType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.OptionalType;
import io.jollyboat.values.Names;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Kubernetes' named formats: {@code format.dns1123Label().validate(x)}. */
final class FormatFunctions {

    static final OpaqueType TYPE = OpaqueType.create("kubernetes.NamedFormat");
    private static final Pattern UUID =
            Pattern.compile("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$");
    private static final Pattern DATE_TIME = Pattern.compile(
            "^([0-9]{4})-([0-9]{2})-([0-9]{2})[tT ]([0-9]{2}):([0-9]{2}):([0-9]{2})(\\.[0-9]+)?([zZ]|[+-][0-9]{2}:[0-9]{2})$");
    private static final int DATE_TIME_REGEX_SIZE = 126;
    private static final int UUID_REGEX_SIZE = 85;
    private static final Map<String, NamedFormat> FORMATS = formats();

    private FormatFunctions() {}

    /** A rule for texts. Two formats are one if their names are. */
    record NamedFormat(String name, int regexSize, java.util.function.Function<String, List<String>> check)
            implements OpaqueValue {
        @Override
        public String typeName() {
            return "kubernetes.NamedFormat";
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof NamedFormat format && format.name.equals(name);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }
    }

    static void declare(Declarations to) {
        FORMATS.forEach((name, format) -> to.global("format." + name, "format." + name, TYPE, a -> format));
        to.global(
                "format.named",
                "format-named",
                OptionalType.create(TYPE),
                a -> Optional.ofNullable(FORMATS.get((String) a[0])),
                STRING);
        to.member(
                "validate",
                "format-validate",
                OptionalType.create(ListType.create(STRING)),
                a -> {
                    List<String> errors = ((NamedFormat) a[0]).check().apply((String) a[1]);
                    return errors.isEmpty() ? Optional.empty() : Optional.of(errors);
                },
                TYPE,
                STRING);
    }

    private static Map<String, NamedFormat> formats() {
        Map<String, NamedFormat> all = new LinkedHashMap<>();
        add(all, "dns1123Label", "DNS1123Label", 30, Names::dns1123Label);
        add(all, "dns1123Subdomain", "DNS1123Subdomain", 60, Names::dns1123Subdomain);
        add(all, "dns1035Label", "DNS1035Label", 30, Names::dns1035Label);
        add(all, "qualifiedName", "QualifiedName", 60, Names::qualifiedName);
        add(all, "dns1123LabelPrefix", "DNS1123LabelPrefix", 30, s -> Names.dns1123Label(prefix(s)));
        add(all, "dns1123SubdomainPrefix", "DNS1123SubdomainPrefix", 60, s -> Names.dns1123Subdomain(prefix(s)));
        add(all, "dns1035LabelPrefix", "DNS1035LabelPrefix", 30, s -> Names.dns1035Label(prefix(s)));
        add(all, "labelValue", "LabelValue", 40, Names::labelValue);
        add(all, "uri", "URI", 1103, s -> {
            String error = GoUrl.requestError(s);
            return error == null ? List.of() : List.of(error);
        });
        add(
                all,
                "uuid",
                "uuid",
                UUID_REGEX_SIZE,
                rule(s -> UUID.matcher(s).matches(), "does not match the UUID format"));
        add(all, "byte", "byte", 84, rule(FormatFunctions::isBase64, "invalid base64"));
        add(all, "date", "date", DATE_TIME_REGEX_SIZE, rule(FormatFunctions::isDate, "invalid date"));
        add(all, "datetime", "datetime", DATE_TIME_REGEX_SIZE, rule(FormatFunctions::isDateTime, "invalid datetime"));
        return all;
    }

    private static void add(
            Map<String, NamedFormat> all,
            String key,
            String name,
            int regexSize,
            java.util.function.Function<String, List<String>> check) {
        all.put(key, new NamedFormat(name, regexSize, check));
    }

    private static java.util.function.Function<String, List<String>> rule(Predicate<String> valid, String error) {
        return s -> valid.test(s) ? List.of() : List.of(error);
    }

    /** A name's beginning may end in a dash, as something follows it. */
    private static String prefix(String name) {
        return name.length() > 1 && name.endsWith("-") ? name.substring(0, name.length() - 1) + "a" : name;
    }

    static boolean isBase64(String text) {
        try {
            Base64.getDecoder().decode(text);
            return !text.isEmpty() && text.length() % 4 == 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    static boolean isDate(String text) {
        try {
            LocalDate.parse(text);
            return text.length() == 10;
        } catch (DateTimeException e) {
            return false;
        }
    }

    static boolean isDateTime(String text) {
        return DATE_TIME.matcher(text).matches() && isDate(text.substring(0, 10));
    }
}
