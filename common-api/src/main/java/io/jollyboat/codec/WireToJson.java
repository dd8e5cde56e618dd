package io.jollyboat.codec;

import io.jollyboat.api.options.JsonForm;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Turns protobuf bytes into JSON without building the message: one pass notes where each field stands, then the fields
 * are written in JSON's order. Single use.
 */
final class WireToJson {
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TYPE_META =
            "\"kind\":\"PersistentVolumeClaim\",\"apiVersion\":\"v1\"".getBytes(StandardCharsets.US_ASCII);

    private final WireReader reader;
    private final ByteSink out;
    /** Two ints per field of each open message: one past the first and the last place of its value; 0 for none. */
    private int[] places = new int[512];

    private int top;

    WireToJson(byte[] in, ByteSink out) {
        this.reader = new WireReader(in);
        this.out = out;
    }

    /** @param prefix what stands first in the object, such as its kind */
    void write(MessagePlan plan, byte[] prefix) {
        out.put('{');
        out.put(prefix);
        fields(plan, 0, reader.in.length, true);
        out.put('}');
    }

    private void fields(MessagePlan plan, int start, int end, boolean root) {
        int base = scan(plan, start, end);
        for (FieldPlan field : plan.fields) {
            int first = places[base + 2 * field.index] - 1;
            int last = places[base + 2 * field.index + 1] - 1;
            if (field.repeated || field.map) {
                many(plan, field, first, last, root);
            } else if (field.kind == FieldPlan.Kind.MESSAGE) {
                single(field, first, last);
            } else {
                scalar(field, last);
            }
        }
        top = base;
    }

    /** Finds the fields of a message; returns where their places begin. */
    private int scan(MessagePlan plan, int start, int end) {
        int base = top;
        top += 2 * plan.fields.length;
        if (top > places.length) {
            places = Arrays.copyOf(places, Math.max(2 * places.length, top));
        }
        Arrays.fill(places, base, top, 0);
        reader.at = start;
        while (reader.at < end) {
            int tag = (int) reader.varint();
            FieldPlan field = plan.byNumber(tag >>> 3);
            if (field != null) {
                int place = base + 2 * field.index;
                if (places[place] == 0) {
                    places[place] = reader.at + 1;
                }
                places[place + 1] = reader.at + 1;
            }
            reader.skip(tag & 7);
        }
        return base;
    }

    private void name(FieldPlan field) {
        if (out.bytes[out.length - 1] != '{') {
            out.put(',');
        }
        out.put(field.nameToken);
    }

    private void scalar(FieldPlan field, int place) {
        if (place < 0) {
            if (field.always) {
                name(field);
                if (field.pointer) {
                    out.put(NULL);
                } else {
                    zero(field);
                }
            }
            return;
        }
        reader.at = place;
        if (!field.pointer && !field.always && isZero(field)) {
            return;
        }
        reader.at = place;
        name(field);
        value(field);
    }

    private boolean isZero(FieldPlan field) {
        return switch (field.kind) {
            case DOUBLE -> reader.fixed64() == 0;
            case STRING, BYTES, INT32, INT64, BOOL, MESSAGE -> reader.in[reader.at] == 0;
        };
    }

    private void zero(FieldPlan field) {
        switch (field.kind) {
            case STRING -> out.putAscii("\"\"");
            case BYTES, MESSAGE -> out.put(NULL);
            case INT32, INT64, DOUBLE -> out.put('0');
            case BOOL -> out.putAscii("false");
        }
    }

    private void single(FieldPlan field, int first, int last) {
        if (first < 0) {
            if (field.inline) {
                fields(field.message(), 0, 0, false);
            } else if (!field.pointer && !field.omitZero) {
                name(field);
                message(field, field.message(), 0, 0);
            } else if (field.always) {
                name(field);
                out.put(NULL);
            }
            return;
        }
        if (first != last) {
            // Messages write a singular field once; Normalizer merges what others may have written.
            throw DecodeException.syntax("proto: field " + field.jsonName + " occurs twice");
        }
        reader.at = first;
        int end = reader.delimitedEnd();
        if (field.inline) {
            fields(field.message(), reader.at, end, false);
        } else if (end > reader.at || !field.omitZero) {
            name(field);
            message(field, field.message(), reader.at, end);
        }
    }

    private void value(FieldPlan field) {
        switch (field.kind) {
            case STRING -> {
                int end = reader.delimitedEnd();
                JsonText.string(out, reader.in, reader.at, end);
                reader.at = end;
            }
            case BYTES -> {
                int end = reader.delimitedEnd();
                JsonText.base64(out, reader.in, reader.at, end);
                reader.at = end;
            }
            case INT32, INT64 -> out.putDecimal(reader.varint());
            case BOOL -> out.putAscii(reader.varint() != 0 ? "true" : "false");
            case DOUBLE -> JsonText.number(out, Double.longBitsToDouble(reader.fixed64()));
            case MESSAGE -> {
                int end = reader.delimitedEnd();
                message(field, field.message(), reader.at, end);
                reader.at = end;
            }
        }
    }

    private void many(MessagePlan plan, FieldPlan field, int first, int last, boolean root) {
        if (first < 0) {
            if (field.always) {
                name(field);
                if (root && plan.list) {
                    out.putAscii("[]");
                } else {
                    out.put(NULL);
                }
            }
            return;
        }
        name(field);
        if (field.map) {
            map(field, first, last);
            return;
        }
        out.put('[');
        elements(field, first, last);
        out.put(']');
    }

    private void elements(FieldPlan field, int first, int last) {
        reader.at = first;
        while (true) {
            boolean done = reader.at == last;
            if (out.bytes[out.length - 1] != '[') {
                out.put(',');
            }
            value(field);
            if (done) {
                return;
            }
            next(field);
        }
    }

    /** Moves to the field's next occurrence. */
    private void next(FieldPlan field) {
        while (true) {
            int tag = (int) reader.varint();
            if (tag >>> 3 == field.number) {
                return;
            }
            reader.skip(tag & 7);
        }
    }

    private void map(FieldPlan field, int first, int last) {
        MapEntries entries = new MapEntries(reader, field);
        entries.collect(first, last);
        out.put('{');
        for (int i = 0; i < entries.count; i++) {
            if (i > 0) {
                out.put(',');
            }
            JsonText.string(out, reader.in, entries.keyStart(i), entries.keyEnd(i));
            out.put(':');
            int value = entries.value(i);
            if (value >= 0) {
                reader.at = value;
                value(field);
            } else if (field.kind == FieldPlan.Kind.MESSAGE) {
                message(field, field.message(), 0, 0);
            } else {
                zero(field);
            }
        }
        out.put('}');
    }

    private void message(FieldPlan field, MessagePlan plan, int start, int end) {
        switch (plan.form) {
            case OBJECT -> object(field, plan, start, end);
            case TIME, MICRO_TIME -> time(plan, start, end);
            case DURATION -> JsonText.string(out, Durations.format(number(plan, start, end, 1)));
            case QUANTITY -> quantity(plan, start, end);
            case INT_OR_STRING -> intOrString(plan, start, end);
            case RAW_JSON -> raw(plan, start, end);
            case ITEMS -> items(plan, start, end);
            case SCHEMA_OR_ARRAY, SCHEMA_OR_BOOL, SCHEMA_OR_STRINGS -> schema(plan, start, end);
        }
    }

    private void object(FieldPlan field, MessagePlan plan, int start, int end) {
        out.put('{');
        if (field.typed) {
            out.put(TYPE_META);
        }
        fields(plan, start, end, false);
        out.put('}');
    }

    private void time(MessagePlan plan, int start, int end) {
        if (start == end) {
            out.put(NULL);
            return;
        }
        long seconds = number(plan, start, end, 1);
        boolean micros = plan.form == JsonForm.MICRO_TIME;
        JsonText.time(out, seconds, micros ? (int) number(plan, start, end, 2) : 0, micros);
    }

    private void quantity(MessagePlan plan, int start, int end) {
        int place = find(plan, start, end, 1);
        if (place < 0 || reader.in[place] == 0) {
            out.putAscii("\"0\"");
            return;
        }
        reader.at = place;
        int valueEnd = reader.delimitedEnd();
        JsonText.string(out, reader.in, reader.at, valueEnd);
    }

    private void intOrString(MessagePlan plan, int start, int end) {
        if (number(plan, start, end, 1) == 0) {
            out.putDecimal(number(plan, start, end, 2));
            return;
        }
        int place = find(plan, start, end, 3);
        if (place < 0) {
            out.putAscii("\"\"");
            return;
        }
        reader.at = place;
        int valueEnd = reader.delimitedEnd();
        JsonText.string(out, reader.in, reader.at, valueEnd);
    }

    private void raw(MessagePlan plan, int start, int end) {
        int place = find(plan, start, end, 1);
        if (place < 0 || reader.in[place] == 0) {
            out.put(NULL);
            return;
        }
        reader.at = place;
        int valueEnd = reader.delimitedEnd();
        JsonText.compact(out, reader.in, reader.at, valueEnd);
    }

    private void items(MessagePlan plan, int start, int end) {
        int base = scan(plan, start, end);
        FieldPlan items = plan.fields[0];
        int first = places[base] - 1;
        int last = places[base + 1] - 1;
        top = base;
        if (first < 0) {
            out.put(NULL);
            return;
        }
        out.put('[');
        elements(items, first, last);
        out.put(']');
    }

    private void schema(MessagePlan plan, int start, int end) {
        int base = scan(plan, start, end);
        int schema = -1;
        FieldPlan schemaField = null;
        FieldPlan other = null;
        int first = -1;
        int last = -1;
        for (FieldPlan field : plan.fields) {
            if (field.jsonName.equals("schema")) {
                schemaField = field;
                schema = places[base + 2 * field.index] - 1;
            } else {
                other = field;
                first = places[base + 2 * field.index] - 1;
                last = places[base + 2 * field.index + 1] - 1;
            }
        }
        top = base;
        if (first >= 0 && other.repeated) {
            out.put('[');
            elements(other, first, last);
            out.put(']');
        } else if (schema >= 0) {
            reader.at = schema;
            value(schemaField);
        } else if (plan.form == JsonForm.SCHEMA_OR_BOOL) {
            out.putAscii(first >= 0 && reader.in[first] != 0 ? "true" : "false");
        } else {
            out.put(NULL);
        }
    }

    private long number(MessagePlan plan, int start, int end, int number) {
        int place = find(plan, start, end, number);
        if (place < 0) {
            return 0;
        }
        reader.at = place;
        return reader.varint();
    }

    private int find(MessagePlan plan, int start, int end, int number) {
        int base = scan(plan, start, end);
        top = base;
        return places[base + 2 * plan.byNumber(number).index + 1] - 1;
    }
}
