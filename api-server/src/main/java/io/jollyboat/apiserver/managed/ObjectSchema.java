package io.jollyboat.apiserver.managed;

import com.google.protobuf.Message;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.kinds.ResourceType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One version of a kind, as tracking and merging see it. {@link Schemas} has those of resources. Thread-safe. */
public abstract sealed class ObjectSchema permits ResourceSchema, BodySchema {
    /** Turns objects of one version into another of the same kind. */
    @FunctionalInterface
    public interface Converter {
        /** Throws {@link io.jollyboat.errors.ApiException} for what the other version cannot express. */
        Message convert(ResourceType<?> from, Message object, ResourceType<?> to);
    }

    private final String apiVersion;
    private final String kind;
    private final Message empty;

    ObjectSchema(String apiVersion, String kind, Message empty) {
        this.apiVersion = apiVersion;
        this.kind = kind;
        this.empty = empty;
    }

    final String apiVersion() {
        return apiVersion;
    }

    final String kind() {
        return kind;
    }

    /** A new object, before anybody sets anything. */
    final Message empty() {
        return empty;
    }

    abstract FieldType type();

    abstract Comparison compare(Message old, Message now);

    /** Without managed fields: nobody manages those. */
    JsonNode tree(Message object) {
        ObjectNode tree = (ObjectNode) JsonCodec.toTree(object, apiVersion, kind);
        if (tree.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
        return tree;
    }

    /** The message of a tree; throws {@link io.jollyboat.codec.DecodeException}. */
    final Message message(JsonNode tree) {
        return JsonCodec.decode(tree, empty, Strictness.IGNORE).message();
    }

    /** The schema of another version; null where the kind is not in it. */
    abstract ObjectSchema inVersion(String apiVersion);

    /** An object of this version, in another. */
    abstract Message converted(Message object, ObjectSchema to);

    /** What writes to the object or a subresource can set. */
    abstract FieldFilter filter(String subresource);

    /** Whether lists and maps may have become one value each since their fields were written. */
    abstract boolean mayHaveChanged();
}
