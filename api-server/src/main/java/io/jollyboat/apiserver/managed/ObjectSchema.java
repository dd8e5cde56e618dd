package io.jollyboat.apiserver.managed;

import com.google.protobuf.Message;
import tools.jackson.databind.JsonNode;

/**
 * One version of a kind, as tracking and merging see it: {@link MessageSchema} for what is declared in protobuf, {@link
 * TreeSchema} for what is JSON. Thread-safe.
 */
public abstract sealed class ObjectSchema permits MessageSchema, TreeSchema {
    private final String apiVersion;
    private final String kind;

    ObjectSchema(String apiVersion, String kind) {
        this.apiVersion = apiVersion;
        this.kind = kind;
    }

    final String apiVersion() {
        return apiVersion;
    }

    final String kind() {
        return kind;
    }

    /** A new object, before anybody sets anything. */
    abstract Message empty();

    abstract FieldType type();

    abstract Comparison compare(Message old, Message now);

    abstract JsonNode tree(Message object);

    /** The message of a tree; throws {@link io.jollyboat.codec.DecodeException}. */
    abstract Message message(JsonNode tree);

    /** The schema of another version; null where the kind is not in it. */
    abstract ObjectSchema inVersion(String apiVersion);

    /** An object of this version, in another. */
    abstract Message converted(Message object, ObjectSchema to);

    /** Whether lists and maps may have become one value each since their fields were written. */
    abstract boolean mayHaveChanged();
}
