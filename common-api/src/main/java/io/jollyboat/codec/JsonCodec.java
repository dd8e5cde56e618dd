package io.jollyboat.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.jollyboat.api.custom.CustomObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON form of API objects: upstream's field order, rules on what is left out, special forms and error texts, all
 * taken from the descriptors. JSON and protobuf bytes are turned into each other directly; messages are parsed from or
 * written to protobuf bytes by their generated code.
 */
public final class JsonCodec {
    private static final byte[] NONE = {};
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private JsonCodec() {}

    /**
     * The object as JSON.
     *
     * @param apiVersion null, with kind, for an object that stands within another
     */
    public static byte[] encode(Message object, String apiVersion, String kind) {
        return encode(object, object.toByteArray(), apiVersion, kind);
    }

    /**
     * As {@link #encode(Message, String, String)}, from the object's protobuf bytes, without parsing them.
     *
     * @param wire as a generated message writes them
     */
    public static byte[] encode(Message prototype, ByteString wire, String apiVersion, String kind) {
        return encode(prototype, wire.toByteArray(), apiVersion, kind);
    }

    private static byte[] encode(Message prototype, byte[] wire, String apiVersion, String kind) {
        if (prototype instanceof CustomObject) {
            return CustomJson.encode(wire, apiVersion, kind);
        }
        ByteSink out = new ByteSink(wire.length * 2 + 256);
        new WireToJson(wire, out).write(MessagePlan.of(prototype.getDescriptorForType()), typeMeta(apiVersion, kind));
        return out.toByteArray();
    }

    /** {@code "kind":…,"apiVersion":…}, upstream's order. */
    private static byte[] typeMeta(String apiVersion, String kind) {
        if (apiVersion == null || kind == null) {
            return NONE;
        }
        return ("\"kind\":\"" + kind + "\",\"apiVersion\":\"" + apiVersion + "\"").getBytes(StandardCharsets.UTF_8);
    }

    /** The object as a tree, for patches and field paths. */
    public static JsonNode toTree(Message object, String apiVersion, String kind) {
        return MAPPER.readTree(encode(object, apiVersion, kind));
    }

    /** As {@link #decode(byte[], Message, Strictness)}, from a tree. */
    public static <T extends Message> Decoded<T> decode(JsonNode json, T prototype, Strictness strictness) {
        return decode(MAPPER.writeValueAsBytes(json), prototype, strictness);
    }

    /** Reads an object; throws {@link DecodeException} where the input is none of the prototype's type. */
    @SuppressWarnings("unchecked") // a prototype of CustomObject gives one
    public static <T extends Message> Decoded<T> decode(byte[] json, T prototype, Strictness strictness) {
        if (prototype instanceof CustomObject) {
            return (Decoded<T>) CustomJson.decode(json, strictness);
        }
        MessagePlan plan = MessagePlan.of(prototype.getDescriptorForType());
        ByteSink out = new ByteSink(json.length + 64);
        JsonToWire reader = new JsonToWire(json, out, strictness);
        reader.read(plan);
        List<String> problems = reader.problems();
        refuse(problems, strictness);
        if (reader.duplicates()) {
            // Rare: have a tree merge them, and read that.
            out.length = 0;
            reader = new JsonToWire(MAPPER.writeValueAsBytes(MergedTree.read(json)), out, Strictness.IGNORE);
            reader.read(plan);
        }
        return new Decoded<>(parse(prototype, out), reader.apiVersion(), reader.kind(), List.copyOf(problems));
    }

    /** Throws what strictness does not allow. */
    static void refuse(List<String> problems, Strictness strictness) {
        if (strictness == Strictness.STRICT && !problems.isEmpty()) {
            throw new DecodeException(
                    DecodeException.Stage.STRICT, "strict decoding error: " + String.join(", ", problems));
        }
    }

    @SuppressWarnings("unchecked")
    static <T extends Message> T parse(T prototype, ByteSink wire) {
        try {
            return (T) prototype.getParserForType().parseFrom(wire.bytes, 0, wire.length);
        } catch (InvalidProtocolBufferException e) {
            throw DecodeException.type(e.getMessage());
        }
    }
}
