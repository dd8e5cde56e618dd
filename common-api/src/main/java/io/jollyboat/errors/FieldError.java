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
            text.append(": ").append(value instanceof String s ? quoted(s) : value.toString());
        }
        if (!detail.isEmpty()) {
            text.append(": ").append(detail);
        }
        return new FieldError(type, field, text.toString());
    }

    /** The text in quotes, escaped as Go does. */
    public static String quoted(String value) {
        StringBuilder text = new StringBuilder(value.length() + 2).append('"');
        value.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                case 0x7 -> text.append("\\a");
                case 0xb -> text.append("\\v");
                default -> other(text, c);
            }
        });
        return text.append('"').toString();
    }

    private static void other(StringBuilder text, int c) {
        if (c < 0x20 || c == 0x7f) {
            text.append(String.format("\\x%02x", c));
        } else if (isPrintable(c)) {
            text.appendCodePoint(c);
        } else {
            text.append(String.format(c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
        }
    }

    private static boolean isPrintable(int c) {
        return c == ' '
                || switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.SPACE_SEPARATOR,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> false;
                    default -> true;
                };
    }

    @Override
    public String toString() {
        return field + ": " + detail;
    }
}
