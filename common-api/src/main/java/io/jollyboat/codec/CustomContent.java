package io.jollyboat.codec;

import io.jollyboat.api.custom.CustomObject;
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

    /** The object with another content. */
    public static CustomObject with(CustomObject object, ObjectNode content) {
        return object.toBuilder()
                .setContent(CustomJson.content(MAPPER.writeValueAsBytes(content)))
                .build();
    }
}
