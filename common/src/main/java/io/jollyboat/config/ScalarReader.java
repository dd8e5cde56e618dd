package io.jollyboat.config;

import io.jollyboat.api.quantity.Quantity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Single values. Throws IllegalArgumentException with what is wrong. */
final class ScalarReader {
    private static final Pattern QUANTITY =
            Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(([eE][+-]?[0-9]+)|[KMGTPE]i|[numkMGTPE])?");

    private final Path folder;

    ScalarReader(Path folder) {
        this.folder = folder;
    }

    Object read(Object value, Class<?> type) {
        if (value instanceof Map || value instanceof List) {
            throw new IllegalArgumentException("must be a single value, is " + describe(value));
        }
        if (type == String.class) {
            return string(value);
        } else if (type == boolean.class || type == Boolean.class) {
            return value instanceof Boolean b ? b : wrong("true or false", value);
        } else if (type == int.class || type == Integer.class) {
            return integer(value, Integer.MIN_VALUE, Integer.MAX_VALUE).intValue();
        } else if (type == long.class || type == Long.class) {
            return integer(value, Long.MIN_VALUE, Long.MAX_VALUE);
        } else if (type == double.class || type == Double.class) {
            return value instanceof Number n ? (Object) n.doubleValue() : wrong("a number", value);
        } else if (type == Duration.class) {
            return Durations.parse(string(value));
        } else if (type == Path.class) {
            return path(string(value));
        } else if (type == Quantity.class) {
            return quantity(String.valueOf(value));
        } else if (type.isEnum()) {
            return constant(value, type);
        }
        throw new IllegalStateException("a configuration cannot have a " + type);
    }

    static String describe(Object value) {
        return switch (value) {
            case Map<?, ?> _ -> "a mapping";
            case List<?> _ -> "a list";
            case String s -> "\"" + s + "\"";
            case Object other -> other.toString();
        };
    }

    private static String string(Object value) {
        return value instanceof String s ? s : (String) wrong("a string (put it in quotes)", value);
    }

    private static Long integer(Object value, long min, long max) {
        if (value instanceof Integer || value instanceof Long) {
            long number = ((Number) value).longValue();
            if (number >= min && number <= max) {
                return number;
            }
        }
        return (Long) wrong("a whole number from " + min + " to " + max, value);
    }

    private Path path(String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("must be a path, is empty");
        }
        return folder == null ? Path.of(value) : folder.resolve(value).normalize();
    }

    private static Quantity quantity(String value) {
        if (!QUANTITY.matcher(value).matches()) {
            wrong("a quantity such as 500m or 2Gi", value);
        }
        return Quantity.newBuilder().setString(value).build();
    }

    private static Object constant(Object value, Class<?> type) {
        String name = normal(String.valueOf(value));
        return Arrays.<Object>stream(type.getEnumConstants())
                .filter(c -> normal(((Enum<?>) c).name()).equals(name))
                .findFirst()
                .orElseGet(() -> wrong(
                        Arrays.<Object>stream(type.getEnumConstants())
                                .map(ScalarReader::camelCase)
                                .collect(Collectors.joining(", ", "one of ", "")),
                        value));
    }

    private static String normal(String name) {
        return name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
    }

    private static String camelCase(Object constant) {
        String[] words = ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).split("_");
        StringBuilder name = new StringBuilder(words[0]);
        for (int i = 1; i < words.length; i++) {
            name.append(Character.toUpperCase(words[i].charAt(0))).append(words[i].substring(1));
        }
        return name.toString();
    }

    private static Object wrong(String expected, Object value) {
        throw new IllegalArgumentException("must be " + expected + ", is " + describe(value));
    }
}
