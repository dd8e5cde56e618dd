package io.jollyboat.apiserver.managed;

import com.google.protobuf.Message;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.kinds.ResourceType;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A version of a kind that is declared in protobuf. */
public final class MessageSchema extends ObjectSchema {
    /** Turns objects of one version into another of the same kind. */
    @FunctionalInterface
    public interface Converter {
        /** Throws {@link io.jollyboat.errors.ApiException} for what the other version cannot express. */
        Message convert(ResourceType<?> from, Message object, ResourceType<?> to);
    }

    private final ResourceType<?> resource;
    private final Message empty;
    private final Function<String, ObjectSchema> versions;
    private final Converter converter;

    /** @param versions the kind's schema by apiVersion; null for a version that it is not in */
    public MessageSchema(ResourceType<?> resource, Function<String, ObjectSchema> versions, Converter converter) {
        super(resource.apiVersion(), resource.kind());
        this.resource = resource;
        this.empty = resource.prototype();
        this.versions = versions;
        this.converter = converter;
    }

    /** Of a body that is no resource, such as a scale. */
    public MessageSchema(String apiVersion, String kind, Message empty) {
        super(apiVersion, kind);
        this.resource = null;
        this.empty = empty;
        this.versions = version -> null;
        this.converter = null;
    }

    @Override
    Message empty() {
        return empty;
    }

    @Override
    FieldType type() {
        return Declared.typeOf(empty.getDescriptorForType());
    }

    @Override
    Comparison compare(Message old, Message now) {
        return MessageComparer.compare(old, now);
    }

    @Override
    JsonNode tree(Message object) {
        ObjectNode tree = (ObjectNode) JsonCodec.toTree(object, apiVersion(), kind());
        if (tree.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
        return tree;
    }

    @Override
    Message message(JsonNode tree) {
        return JsonCodec.decode(tree, empty, Strictness.IGNORE).message();
    }

    @Override
    ObjectSchema inVersion(String apiVersion) {
        return apiVersion.equals(apiVersion()) ? this : versions.apply(apiVersion);
    }

    @Override
    Message converted(Message object, ObjectSchema to) {
        return to == this ? object : converter.convert(resource, object, ((MessageSchema) to).resource);
    }

    @Override
    boolean mayHaveChanged() {
        return false;
    }
}
