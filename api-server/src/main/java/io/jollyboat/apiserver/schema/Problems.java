package io.jollyboat.apiserver.schema;

import io.jollyboat.errors.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Collects what is wrong with a definition's schema. */
final class Problems {
    private final List<FieldError> found = new ArrayList<>();

    List<FieldError> found() {
        return found;
    }

    void addAll(List<FieldError> others) {
        found.addAll(others);
    }

    void required(String path, String detail) {
        found.add(FieldError.required(path, detail));
    }

    /** @param value a text, which is quoted, or what prints as it should be shown */
    void invalid(String path, Object value, String detail) {
        found.add(FieldError.invalid(path, value, detail));
    }

    void forbidden(String path, String detail) {
        found.add(FieldError.forbidden(path, detail));
    }

    void forbidden(boolean used, String path, String detail) {
        if (used) {
            forbidden(path, detail);
        }
    }

    void notSupported(String path, String value, List<String> supported) {
        String list = supported.stream().map(FieldError::quoted).collect(Collectors.joining(", "));
        found.add(FieldError.of(FieldError.Type.NOT_SUPPORTED, path, value, "supported values: " + list));
    }

    void oneOf(String path, String value, List<String> supported) {
        if (!supported.contains(value)) {
            notSupported(path, value, supported);
        }
    }
}
