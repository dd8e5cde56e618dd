package io.jollyboat.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.WireFormat;
import io.jollyboat.api.options.JsonForm;
import io.jollyboat.values.Quantities;
import java.nio.charset.StandardCharsets;

/**
 * Brings protobuf input into the one form we keep: upstream's encoders write zeros where a field is no pointer, which
 * means the same as leaving it out; unknown fields, which upstream drops, go; quantities become canonical. JSON input is
 * decoded into that form at once.
 */
public final class Normalizer {
    private final WireReader in;
    private final ByteSink out;

    private Normalizer(byte[] wire) {
        this.in = new WireReader(wire);
        this.out = new ByteSink(wire.length + 16);
    }

    public static <T extends Message> T normalize(T message) {
        return normalize(message, message.toByteArray());
    }

    /**
     * Parses protobuf bytes of the prototype's type.
     *
     * @throws DecodeException where they are none
     */
    public static <T extends Message> T parse(T prototype, ByteString wire) {
        return normalize(prototype, wire.toByteArray());
    }

    private static <T extends Message> T normalize(T prototype, byte[] wire) {
        Normalizer normalizer = new Normalizer(wire);
        normalizer.fields(MessagePlan.of(prototype.getDescriptorForType()), wire.length, 0);
        return JsonCodec.parse(prototype, normalizer.out);
    }

    private void fields(MessagePlan plan, int end, int depth) {
        if (depth > 100) {
            throw DecodeException.type("exceeded max depth");
        }
        while (in.at < end) {
            int tag = (int) in.varint();
            FieldPlan field = plan.byNumber(tag >>> 3);
            if (field == null) {
                in.skip(tag & 7);
            } else if (tag != field.tag) {
                packed(field, tag);
            } else {
                field(plan, field, depth);
            }
        }
        if (in.at > end) {
            throw DecodeException.syntax("unexpected EOF");
        }
    }

    private void field(MessagePlan plan, FieldPlan field, int depth) {
        int before = out.length;
        out.putVarint(field.tag);
        int start = out.length;
        if (field.map) {
            mapEntry(field, depth);
            return;
        }
        value(field, depth);
        if (!isTime(plan) && field.isZero(out, start)) {
            out.length = before;
        }
    }

    /** Seconds of 0 are a time; only a message without fields is none. */
    private static boolean isTime(MessagePlan plan) {
        return plan.form == JsonForm.TIME || plan.form == JsonForm.MICRO_TIME;
    }

    private void value(FieldPlan field, int depth) {
        if (field.kind != FieldPlan.Kind.MESSAGE) {
            int from = in.at;
            in.skip(FieldPlan.wireType(field.kind));
            out.put(in.in, from, in.at);
            return;
        }
        int end = in.delimitedEnd();
        int mark = out.beginDelimited();
        MessagePlan plan = field.message();
        switch (plan.form) {
            case QUANTITY -> quantity(plan, end);
            case TIME -> wholeSeconds(end);
            case MICRO_TIME -> microseconds(end);
            case OBJECT, DURATION, INT_OR_STRING, RAW_JSON, ITEMS, SCHEMA_OR_ARRAY, SCHEMA_OR_BOOL, SCHEMA_OR_STRINGS ->
                fields(plan, end, depth + 1);
        }
        out.endDelimited(mark);
    }

    private void quantity(MessagePlan plan, int end) {
        String text = "";
        while (in.at < end) {
            int tag = (int) in.varint();
            if (plan.byNumber(tag >>> 3) == null) {
                in.skip(tag & 7);
                continue;
            }
            int textEnd = in.delimitedEnd();
            text = new String(in.in, in.at, textEnd - in.at, StandardCharsets.UTF_8);
            in.at = textEnd;
        }
        if (text.isEmpty()) {
            return;
        }
        try {
            text = Quantities.canonical(text);
        } catch (IllegalArgumentException e) {
            throw DecodeException.type(e.getMessage());
        }
        out.putVarint(1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED);
        int mark = out.beginDelimited();
        out.putAscii(text);
        out.endDelimited(mark);
    }

    private void wholeSeconds(int end) {
        while (in.at < end) {
            int from = in.at;
            int tag = (int) in.varint();
            in.skip(tag & 7);
            if (tag >>> 3 == 1) {
                out.put(in.in, from, in.at);
            }
        }
    }

    /** As read from JSON: the fraction is left out where it is none. */
    private void microseconds(int end) {
        long nanos = 0;
        while (in.at < end) {
            int from = in.at;
            int tag = (int) in.varint();
            if (tag == (2 << 3 | WireFormat.WIRETYPE_VARINT)) {
                nanos = in.varint() / 1000 * 1000;
                continue;
            }
            in.skip(tag & 7);
            if (tag >>> 3 == 1) {
                out.put(in.in, from, in.at);
            }
        }
        if (nanos != 0) {
            out.putVarint(2 << 3 | WireFormat.WIRETYPE_VARINT);
            out.putVarint(nanos);
        }
    }

    private void mapEntry(FieldPlan field, int depth) {
        int end = in.delimitedEnd();
        int mark = out.beginDelimited();
        int valueTag = 2 << 3 | FieldPlan.wireType(field.kind);
        while (in.at < end) {
            int from = in.at;
            int tag = (int) in.varint();
            if (tag == valueTag) {
                out.putVarint(tag);
                value(field, depth);
            } else {
                in.skip(tag & 7);
                if (tag >>> 3 == 1) {
                    out.put(in.in, from, in.at);
                }
            }
        }
        out.endDelimited(mark);
    }

    /** Repeated numbers may come packed. */
    private void packed(FieldPlan field, int tag) {
        if (!field.repeated || (tag & 7) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            throw DecodeException.syntax("proto: wrong wireType = " + (tag & 7) + " for field " + field.jsonName);
        }
        int end = in.delimitedEnd();
        while (in.at < end) {
            out.putVarint(field.tag);
            value(field, 0);
        }
    }
}
