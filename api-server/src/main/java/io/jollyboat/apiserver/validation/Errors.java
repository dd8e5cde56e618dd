package io.jollyboat.apiserver.validation;

import io.jollyboat.errors.FieldError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Collects what is wrong with an object. */
final class Errors {
    private final List<FieldError> found = new ArrayList<>();

    List<FieldError> found() {
        return found;
    }

    int count() {
        return found.size();
    }

    void required(String path) {
        required(path, "");
    }

    void required(String path, String detail) {
        found.add(FieldError.required(path, detail));
    }

    void invalid(String path, Object value, String detail) {
        found.add(FieldError.invalid(path, value, detail));
    }

    /** One error per text. */
    void invalid(String path, Object value, Collection<String> details) {
        details.forEach(detail -> invalid(path, value, detail));
    }

    void forbidden(String path, String detail) {
        found.add(FieldError.forbidden(path, detail));
    }

    /** The one thing to be told, whatever else is wrong. */
    void onlyForbidden(String path, String detail) {
        found.clear();
        forbidden(path, detail);
    }

    void duplicate(String path, Object value) {
        found.add(FieldError.duplicate(path, value));
    }

    void notFound(String path, String value) {
        found.add(FieldError.of(FieldError.Type.NOT_FOUND, path, value, ""));
    }

    void tooLong(String path, int limit) {
        found.add(FieldError.of(FieldError.Type.TOO_LONG, path, null, "may not be more than " + limit + " bytes"));
    }

    void notSupported(String path, Object value, List<String> supported) {
        String list = supported.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", "));
        found.add(FieldError.of(FieldError.Type.NOT_SUPPORTED, path, value, "supported values: " + list));
    }

    /** A value that must be one of a few. */
    void oneOf(String path, String value, String... supported) {
        if (!List.of(supported).contains(value)) {
            notSupported(path, value, List.of(supported));
        }
    }

    void notNegative(String path, long value) {
        if (value < 0) {
            invalid(path, value, "must be greater than or equal to 0");
        }
    }

    void tooMany(String path, int actual, int limit) {
        found.add(FieldError.of(
                FieldError.Type.TOO_MANY,
                path,
                actual,
                "must have at most " + limit + " item" + (limit == 1 ? "" : "s")));
    }

    /** The text is too long, counted in bytes. */
    void tooLongBytes(String path, String value, int limit) {
        if (value.getBytes(StandardCharsets.UTF_8).length > limit) {
            found.add(FieldError.of(FieldError.Type.TOO_LONG, path, null, "may not be more than " + limit + " bytes"));
        }
    }

    void notFound(String path, String value, String detail) {
        found.add(FieldError.of(FieldError.Type.NOT_FOUND, path, value, detail));
    }

    /** True where the text is there. */
    boolean present(String path, String value) {
        if (value.isEmpty()) {
            required(path);
        }
        return !value.isEmpty();
    }

    void addAll(Errors others) {
        found.addAll(others.found);
    }

    /** For fields that no update may change. */
    void unchanged(String path, Object now, Object before) {
        if (!now.equals(before)) {
            invalid(path, shown(now), "field is immutable");
        }
    }

    /** The same for fields that can be absent, which upstream shows as null. */
    void unchanged(String path, boolean present, Object now, boolean wasPresent, Object before) {
        if (present != wasPresent || !now.equals(before)) {
            invalid(path, present ? shown(now) : bare("null"), "field is immutable");
        }
    }

    /** A value as upstream prints it in errors. */
    static Object shown(Object value) {
        return GoForm.of(value);
    }

    /** A list that upstream prints as null where it is empty. */
    static Object listOrNull(Collection<?> values) {
        return values.isEmpty() ? bare("null") : shown(values);
    }

    /** Bare text, where upstream prints something that is no string. */
    static Object bare(String text) {
        return new Bare(text);
    }

    private record Bare(String text) {
        @Override
        public String toString() {
            return text;
        }
    }
}
