package io.jollyboat.apiserver.managed;

import com.google.protobuf.Message;
import io.jollyboat.kinds.ResourceType;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A version of a custom resource: objects carry JSON, and their type comes from their definition's schema. */
final class TreeSchema extends ResourceSchema {
    private final FieldType type;

    TreeSchema(ResourceType<?> resource, FieldType type, Function<String, ObjectSchema> versions, Converter converter) {
        super(resource, versions, converter);
        this.type = type;
    }

    @Override
    FieldType type() {
        return type;
    }

    @Override
    Comparison compare(Message old, Message now) {
        return old.equals(now) ? Comparison.SAME : TreeComparer.compare(type, tree(old), tree(now));
    }

    @Override
    JsonNode tree(Message object) {
        // A new object has not even metadata.
        return object.equals(empty())
                ? JsonNodeFactory.instance
                        .objectNode()
                        .put("apiVersion", apiVersion())
                        .put("kind", kind())
                : super.tree(object);
    }

    @Override
    FieldFilter filter(String subresource) {
        return resource().rules().getSubresourcesList().stream()
                        .anyMatch(declared -> declared.getName().equals("status"))
                ? ResetFields.ofCustom(subresource)
                : FieldFilter.NONE;
    }

    @Override
    boolean mayHaveChanged() {
        return true;
    }
}
