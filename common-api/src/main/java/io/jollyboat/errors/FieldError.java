package io.jollyboat.errors;

/**
 * One validation failure, worded as upstream's {@code field.Error}.
 *
 * @param type upstream's cause reason
 * @param field path such as {@code spec.containers[0].name}
 * @param detail the sentence after the path, upstream's text, such as {@code Required value} or {@code Invalid value:
 *     "x": must be …}
 */
public record FieldError(Type type, String field, String detail) {
    /** Upstream's cause types, by the reason they have on the wire. */
    public enum Type {
        REQUIRED("FieldValueRequired", "Required value"),
        INVALID("FieldValueInvalid", "Invalid value"),
        NOT_SUPPORTED("FieldValueNotSupported", "Unsupported value"),
        DUPLICATE("FieldValueDuplicate", "Duplicate value"),
        FORBIDDEN("FieldValueForbidden", "Forbidden"),
        TOO_LONG("FieldValueTooLong", "Too long"),
        TOO_MANY("FieldValueTooMany", "Too many"),
        TOO_FEW("FieldValueTooFew", "Too few"),
        NOT_FOUND("FieldValueNotFound", "Not found"),
        TYPE_INVALID("FieldValueTypeInvalid", "Invalid value"),
        INTERNAL("InternalError", "Internal error");

        private final String reason;
        private final String title;

        Type(String reason, String title) {
            this.reason = reason;
            this.title = title;
        }

        public String reason() {
            return reason;
        }

        public String title() {
            return title;
        }
    }

    public static FieldError required(String field, String detail) {
        return of(Type.REQUIRED, field, null, detail);
    }

    /** @param value shown as upstream prints it: strings quoted, numbers and booleans bare */
    public static FieldError invalid(String field, Object value, String detail) {
        return of(Type.INVALID, field, value, detail);
    }

    public static FieldError forbidden(String field, String detail) {
        return of(Type.FORBIDDEN, field, null, detail);
    }

    public static FieldError duplicate(String field, Object value) {
        return of(Type.DUPLICATE, field, value, "");
    }

    /** {@code Title: value: detail}; a null value and an empty detail are left out. */
    public static FieldError of(Type type, String field, Object value, String detail) {
        StringBuilder text = new StringBuilder(type.title());
        if (value != null) {
            text.append(": ").append(value instanceof String s ? quote(s) : value.toString());
        }
        if (!detail.isEmpty()) {
            text.append(": ").append(detail);
        }
        return new FieldError(type, field, text.toString());
    }

    private static String quote(String value) {
        return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    @Override
    public String toString() {
        return field + ": " + detail;
    }
}
