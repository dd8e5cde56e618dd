package io.jollyboat.codec;

import com.google.protobuf.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The YAML form of API objects: YAML is turned into JSON by upstream's rules (YAML 1.1), and that is decoded. */
public final class YamlCodec {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private YamlCodec() {}

    /** As {@link JsonCodec#decode(byte[], Message, Strictness)}; reads the first document. */
    public static <T extends Message> Decoded<T> decode(byte[] yaml, T prototype, Strictness strictness) {
        List<String> duplicates = new ArrayList<>();
        JsonNode tree = new YamlReader(yaml, duplicates).read();
        if (strictness == Strictness.STRICT && !duplicates.isEmpty()) {
            throw new DecodeException(
                    DecodeException.Stage.STRICT,
                    "strict decoding error: yaml: unmarshal errors:\n  " + String.join("\n  ", duplicates));
        }
        Decoded<T> decoded = JsonCodec.decode(tree, prototype, strictness);
        if (strictness == Strictness.IGNORE || duplicates.isEmpty()) {
            return decoded;
        }
        List<String> warnings = new ArrayList<>(duplicates);
        warnings.addAll(decoded.warnings());
        return new Decoded<>(decoded.message(), decoded.apiVersion(), decoded.kind(), warnings);
    }

    /** The first document as JSON; of duplicate keys the last holds. */
    public static byte[] toJson(byte[] yaml) {
        return MAPPER.writeValueAsBytes(new YamlReader(yaml, new ArrayList<>()).read());
    }

    /**
     * The first document as a tree; of duplicate keys the last holds.
     *
     * @param duplicates takes a text for each key that occurs twice
     */
    public static JsonNode tree(byte[] yaml, List<String> duplicates) {
        return new YamlReader(yaml, duplicates).read();
    }

    /** The object as YAML, keys sorted, as upstream prints it. */
    public static byte[] encode(Message object, String apiVersion, String kind) {
        return fromJson(JsonCodec.toTree(object, apiVersion, kind)).getBytes(StandardCharsets.UTF_8);
    }

    public static String fromJson(JsonNode tree) {
        return YamlWriter.write(tree);
    }
}
