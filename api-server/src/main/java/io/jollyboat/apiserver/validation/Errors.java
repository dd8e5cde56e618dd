package io.jollyboat.apiserver.validation;

import com.google.protobuf.Message;
import io.jollyboat.codec.JsonCodec;
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

    /** For fields that no update may change. */
    void unchanged(String path, Object now, Object before) {
        if (!now.equals(before)) {
            invalid(path, shown(now), "field is immutable");
        }
    }

    /** A value as upstream prints it in errors: messages as JSON. */
    static Object shown(Object value) {
        return value instanceof Message message
                ? bare(new String(JsonCodec.encode(message, null, null), StandardCharsets.UTF_8))
                : value;
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
