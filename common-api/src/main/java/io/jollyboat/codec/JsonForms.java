package io.jollyboat.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.WireFormat;
import io.jollyboat.values.Quantities;

/** Messages that are no objects in JSON: times, durations, quantities, numbers or names, raw JSON. */
final class JsonForms {
    private final JsonScanner in;
    private final ByteSink out;

    JsonForms(JsonScanner in, ByteSink out) {
        this.in = in;
        this.out = out;
    }

    void time(int b, boolean micro) {
        if (b != '"') {
            throw TypeErrors.typeError(TypeErrors.word(b), "Go value of type string");
        }
        in.string();
        TimeText.parse(out, string(), micro);
    }

    void duration(int b) {
        if (b != '"') {
            throw TypeErrors.typeError(TypeErrors.word(b), "Go value of type string");
        }
        in.string();
        putNumber(1, Durations.parse(string()));
    }

    private String string() {
        return new String(in.text, in.textStart, in.textEnd - in.textStart, UTF_8);
    }

    String numberText() {
        int start = in.number();
        return new String(in.in, start, in.at - start, UTF_8);
    }

    static boolean isNumber(int b) {
        return b == '-' || (b >= '0' && b <= '9');
    }

    void quantity(int b) {
        String text;
        if (b == '"') {
            in.string();
            text = string().strip();
        } else {
            int start = in.at;
            in.skip();
            text = new String(in.in, start, in.at - start, UTF_8);
        }
        try {
            putText(1, Quantities.canonical(text));
        } catch (IllegalArgumentException e) {
            throw DecodeException.type(e.getMessage());
        }
    }

    void intOrString(int b) {
        if (b == '"') {
            in.string();
            putNumber(1, 1);
            if (in.textEnd > in.textStart) {
                out.putVarint(3 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED);
                out.putVarint(in.textEnd - in.textStart);
                out.put(in.text, in.textStart, in.textEnd);
            }
            return;
        }
        if (!isNumber(b)) {
            throw TypeErrors.typeError(TypeErrors.word(b), "Go value of type int32");
        }
        String text = numberText();
        try {
            int value = Integer.parseInt(text);
            if (value != 0) {
                putNumber(2, value);
            }
        } catch (NumberFormatException e) {
            throw TypeErrors.typeError("number " + text, "Go value of type int32");
        }
    }

    void raw(MessagePlan plan) {
        int start = in.at;
        in.skip();
        boolean isNull = in.in[start] == 'n';
        if (isNull && !plan.descriptor.getName().equals("FieldsV1")) {
            return;
        }
        out.putVarint(1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED);
        int mark = out.beginDelimited();
        out.put(in.in, start, in.at);
        out.endDelimited(mark);
    }

    void putNumber(int number, long value) {
        out.putVarint(number << 3);
        out.putVarint(value);
    }

    private void putText(int number, String text) {
        out.putVarint(number << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED);
        int mark = out.beginDelimited();
        out.putAscii(text);
        out.endDelimited(mark);
    }
}
