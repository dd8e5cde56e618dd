package io.jollyboat.codec;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import io.jollyboat.api.options.FieldRules;
import io.jollyboat.api.options.JsonForm;
import io.jollyboat.api.options.Options;
import java.nio.charset.StandardCharsets;

/** All that the codec must know of one field, taken from its descriptor and options once. */
final class FieldPlan {
    enum Kind {
        STRING,
        BYTES,
        INT32,
        INT64,
        BOOL,
        DOUBLE,
        MESSAGE
    }

    final int number;
    /** Place in the message's plan, the order of JSON. */
    final int index;

    final int tag;
    final String jsonName;
    /** {@code "name":}. */
    final byte[] nameToken;
    /** Kind of the value; of a map, of its values. */
    final Kind kind;

    final boolean repeated;
    final boolean map;
    final boolean inline;
    final boolean always;
    final boolean pointer;
    final boolean omitZero;
    /** The values carry apiVersion and kind of their own in JSON. */
    final boolean typed;

    private final boolean sorted;
    private final Descriptor owner;
    private final Descriptor messageType;
    private MessagePlan message;

    FieldPlan(FieldDescriptor field, int index, boolean sorted) {
        FieldRules rules = field.getOptions().getExtension(Options.field);
        this.number = field.getNumber();
        this.index = index;
        this.sorted = sorted;
        this.owner = field.getContainingType();
        this.jsonName = jsonName(field);
        this.nameToken = ("\"" + jsonName + "\":").getBytes(StandardCharsets.UTF_8);
        this.map = field.isMapField();
        this.repeated = field.isRepeated() && !map;
        FieldDescriptor value = map ? field.getMessageType().findFieldByNumber(2) : field;
        this.kind = kind(value);
        this.messageType = kind == Kind.MESSAGE ? value.getMessageType() : null;
        this.tag = (number << 3) | (map ? WireFormat.WIRETYPE_LENGTH_DELIMITED : wireType(kind));
        this.inline = rules.getInline();
        this.always = rules.getAlways();
        this.pointer = rules.getPointer()
                || field.getContainingType()
                        .getOptions()
                        .getExtension(Options.type)
                        .getJsonForm()
                        .name()
                        .startsWith("SCHEMA_");
        this.omitZero = rules.getOmitZero();
        this.typed = repeated
                && messageType != null
                && messageType.getOptions().hasExtension(Options.kind)
                && !field.getContainingType().getName().endsWith("List");
    }

    static String jsonName(FieldDescriptor field) {
        FieldRules rules = field.getOptions().getExtension(Options.field);
        return rules.hasJson() ? rules.getJson() : field.getName();
    }

    /** The plan of the message, of the list's elements or of the map's values. */
    MessagePlan message() {
        if (message == null) {
            // Messages contain themselves, so this cannot be done in the constructor; repeating it is harmless.
            message = MessagePlan.of(messageType, sorted);
        }
        return message;
    }

    /** True for a value, written with its length, that means the same as none; pointers have no such value. */
    boolean isZero(ByteSink written, int start) {
        if (pointer || repeated || map) {
            return false;
        }
        byte[] bytes = written.bytes;
        int size = written.length - start;
        if (size == 1) {
            return bytes[start] == 0;
        }
        if (kind == Kind.DOUBLE) {
            for (int i = start; i < written.length; i++) {
                if (bytes[i] != 0) {
                    return false;
                }
            }
            return true;
        }
        // The quantity "0".
        return kind == Kind.MESSAGE
                && message().form == JsonForm.QUANTITY
                && size == 4
                && bytes[start + 2] == 1
                && bytes[start + 3] == '0';
    }

    static int wireType(Kind kind) {
        return switch (kind) {
            case STRING, BYTES, MESSAGE -> WireFormat.WIRETYPE_LENGTH_DELIMITED;
            case INT32, INT64, BOOL -> WireFormat.WIRETYPE_VARINT;
            case DOUBLE -> WireFormat.WIRETYPE_FIXED64;
        };
    }

    /** The name of the Go type, as upstream's errors print it. */
    String goType() {
        String named = GoTypes.of(owner.getFullName() + "." + jsonName);
        if (named != null) {
            return named;
        }
        String element = switch (kind) {
            case STRING -> "string";
            case BYTES -> "[]uint8";
            case INT32 -> "int32";
            case INT64 -> "int64";
            case BOOL -> "bool";
            case DOUBLE -> "float64";
            case MESSAGE -> message().goType();
        };
        if (map) {
            return element.equals("resource.Quantity") ? "v1.ResourceList" : "map[string]" + element;
        }
        return repeated ? "[]" + element : element;
    }

    /** The name of the Go type of a list's element or a map's value. */
    String goElementType() {
        String type = goType();
        if (repeated) {
            return type.substring(2);
        }
        return map && type.startsWith("map[") ? type.substring(type.indexOf(']') + 1) : type;
    }

    private static Kind kind(FieldDescriptor field) {
        return switch (field.getType()) {
            case STRING -> Kind.STRING;
            case BYTES -> Kind.BYTES;
            case INT32 -> Kind.INT32;
            case INT64 -> Kind.INT64;
            case BOOL -> Kind.BOOL;
            case DOUBLE -> Kind.DOUBLE;
            case MESSAGE -> Kind.MESSAGE;
            case FLOAT, UINT64, FIXED64, FIXED32, GROUP, UINT32, ENUM, SFIXED32, SFIXED64, SINT32, SINT64 ->
                throw new IllegalArgumentException(
                        field.getFullName() + ": no API object has fields of type " + field.getType());
        };
    }
}
