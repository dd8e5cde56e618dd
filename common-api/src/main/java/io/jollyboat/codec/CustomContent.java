package io.jollyboat.codec;

import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.api.meta.v1.ObjectMeta;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The content of custom objects as a tree: all members but apiVersion, kind and metadata. */
public final class CustomContent {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private CustomContent() {}

    /** A new tree, which the caller may change. */
    public static ObjectNode tree(CustomObject object) {
        return object.getContent().isEmpty()
                ? MAPPER.createObjectNode()
                : (ObjectNode) MAPPER.readTree(object.getContent().newInput());
    }

    /** A new tree of the whole object, in which numbers are what they were read as. */
    public static ObjectNode whole(CustomObject object, String apiVersion, String kind) {
        ObjectNode whole = tree(object);
        whole.put("apiVersion", apiVersion);
        whole.put("kind", kind);
        whole.set("metadata", JsonCodec.toTree(object.getMetadata(), null, null));
        return whole;
    }

    /** An object whose metadata is in parts not what it should be: those parts are left out. */
    public static Decoded<CustomObject> lenient(byte[] json) {
        ObjectNode whole = (ObjectNode) MAPPER.readTree(json);
        ObjectNode good = MAPPER.createObjectNode();
        for (Map.Entry<String, JsonNode> field : whole.path("metadata").properties()) {
            ObjectNode one = MAPPER.createObjectNode();
            one.set(field.getKey(), field.getValue());
            if (isMetadata(one)) {
                good.set(field.getKey(), field.getValue());
            }
        }
        whole.set("metadata", good);
        return JsonCodec.decode(whole, CustomObject.getDefaultInstance(), Strictness.IGNORE);
    }

    private static boolean isMetadata(ObjectNode json) {
        try {
            JsonCodec.decode(json, ObjectMeta.getDefaultInstance(), Strictness.IGNORE);
            return true;
        } catch (DecodeException e) {
            return false;
        }
    }

    /** The object with another content. */
    public static CustomObject with(CustomObject object, ObjectNode content) {
        return object.toBuilder()
                .setContent(CustomJson.content(MAPPER.writeValueAsBytes(content)))
                .build();
    }
}
