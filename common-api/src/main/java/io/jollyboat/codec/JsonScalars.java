package io.jollyboat.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Turns JSON's strings, numbers and booleans into protobuf's, as their fields want them. */
final class JsonScalars {
    private final JsonScanner in;
    private final ByteSink out;
    private final JsonForms forms;
    private final FieldPath path;

    JsonScalars(JsonScanner in, ByteSink out, JsonForms forms, FieldPath path) {
        this.in = in;
        this.out = out;
        this.forms = forms;
        this.path = path;
    }

    /**
     * A value with its length but without its tag; null gives the zero value.
     *
     * @param b the value's first character
     */
    void put(MessagePlan struct, FieldPlan field, int b) {
        switch (field.kind) {
            case STRING -> {
                if (b == '"') {
                    in.string();
                    text();
                } else {
                    nullOr(struct, field, b);
                }
            }
            case BYTES -> {
                if (b == '"') {
                    in.string();
                    int mark = out.beginDelimited();
                    Base64Text.decode(out, in.text, in.textStart, in.textEnd);
                    out.endDelimited(mark);
                } else {
                    nullOr(struct, field, b);
                }
            }
            case INT32, INT64 -> {
                if (JsonForms.isNumber(b)) {
                    integer(struct, field);
                } else {
                    nullOr(struct, field, b);
                }
            }
            case BOOL -> {
                if (b == 't') {
                    in.literal("true");
                    out.put(1);
                } else if (b == 'f') {
                    in.literal("false");
                    out.put(0);
                } else {
                    nullOr(struct, field, b);
                }
            }
            case DOUBLE -> {
                if (JsonForms.isNumber(b)) {
                    double number = Double.parseDouble(forms.numberText());
                    out.putFixed64(Double.doubleToRawLongBits(number));
                } else {
                    in.skip();
                    throw mismatch(struct, b, field.goElementType());
                }
            }
            case MESSAGE -> throw new IllegalStateException("a message is no scalar");
        }
    }

    /** The string that was read last. */
    void text() {
        out.putVarint(in.textEnd - in.textStart);
        out.put(in.text, in.textStart, in.textEnd);
    }

    private void nullOr(MessagePlan struct, FieldPlan field, int b) {
        if (b != 'n') {
            throw mismatch(struct, b, field.goElementType());
        }
        in.literal("null");
        out.put(0);
    }

    private void integer(MessagePlan struct, FieldPlan field) {
        int start = in.number();
        long value = 0;
        boolean fits = in.at - start < 19;
        int at = in.in[start] == '-' ? start + 1 : start;
        for (; at < in.at && fits; at++) {
            byte digit = in.in[at];
            fits = digit >= '0' && digit <= '9';
            value = value * 10 + (digit - '0');
        }
        if (fits) {
            value = in.in[start] == '-' ? -value : value;
        } else {
            try {
                value = Long.parseLong(number(start));
                fits = true;
            } catch (NumberFormatException e) {
                fits = false;
            }
        }
        if (!fits || (field.kind == FieldPlan.Kind.INT32 && value != (int) value)) {
            throw mismatch(struct, "number " + number(start), field.goElementType());
        }
        out.putVarint(value);
    }

    private String number(int start) {
        return new String(in.in, start, in.at - start, UTF_8);
    }

    private DecodeException mismatch(MessagePlan struct, int b, String goType) {
        return mismatch(struct, TypeErrors.word(b), goType);
    }

    private DecodeException mismatch(MessagePlan struct, String value, String goType) {
        return TypeErrors.mismatch(struct, path, value, goType);
    }
}
