package io.jollyboat.apiserver.managed;

import com.google.protobuf.Message;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A version of a custom resource: objects are JSON, and their type comes from their definition's schema. */
public final class TreeSchema extends ObjectSchema {
    /** Between messages that carry JSON and the JSON. */
    public interface Codec {
        Message empty();

        /** With apiVersion and kind. */
        JsonNode tree(Message object);

        Message message(JsonNode tree);

        /** An object of this version in another of the same definition. */
        Message convert(Message object, String toApiVersion);
    }

    private final FieldType type;
    private final Codec codec;
    private final Function<String, ObjectSchema> versions;

    TreeSchema(String apiVersion, String kind, FieldType type, Codec codec, Function<String, ObjectSchema> versions) {
        super(apiVersion, kind);
        this.type = type;
        this.codec = codec;
        this.versions = versions;
    }

    @Override
    Message empty() {
        return codec.empty();
    }

    @Override
    FieldType type() {
        return type;
    }

    @Override
    Comparison compare(Message old, Message now) {
        return TreeComparer.compare(type, tree(old), tree(now));
    }

    @Override
    JsonNode tree(Message object) {
        if (object.equals(empty())) {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("apiVersion", apiVersion())
                    .put("kind", kind());
        }
        ObjectNode tree = (ObjectNode) codec.tree(object);
        if (tree.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
        return tree;
    }

    @Override
    Message message(JsonNode tree) {
        return codec.message(tree);
    }

    @Override
    ObjectSchema inVersion(String apiVersion) {
        return apiVersion.equals(apiVersion()) ? this : versions.apply(apiVersion);
    }

    @Override
    Message converted(Message object, ObjectSchema to) {
        return to == this ? object : codec.convert(object, to.apiVersion());
    }

    @Override
    boolean mayHaveChanged() {
        return true;
    }
}
