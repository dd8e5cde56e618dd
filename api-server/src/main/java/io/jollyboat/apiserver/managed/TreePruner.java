package io.jollyboat.apiserver.managed;

import io.jollyboat.apiserver.managed.FieldType.ListType;
import io.jollyboat.apiserver.managed.FieldType.MapType;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/** Takes fields and elements out of a tree. The result shares the rest with it. */
final class TreePruner {
    private TreePruner() {}

    /** JSON's null where nothing is left. */
    static JsonNode without(FieldType declared, JsonNode tree, FieldSet fields) {
        FieldType type = declared.deduced(tree);
        if (type.map() != null) {
            return map(type.map(), tree, fields);
        }
        return type.scalar() != null ? tree : list(type.list(), tree, fields);
    }

    private static JsonNode map(MapType type, JsonNode tree, FieldSet fields) {
        if (!TreeComparer.hasParts(tree, true) || type.atomic()) {
            return NullNode.instance;
        }
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        boolean below = false;
        for (Map.Entry<String, JsonNode> entry : tree.properties()) {
            int place = fields.find(Step.field(entry.getKey()));
            if (place >= 0 && fields.isMember(place)) {
                continue;
            }
            JsonNode value = entry.getValue();
            if (place >= 0) {
                below = true;
                FieldType inner = type.typeOf(entry.getKey());
                value = inside(inner == null ? FieldType.DEDUCED : inner, value, fields.childAt(place));
            }
            rest.set(entry.getKey(), value);
        }
        return rest.isEmpty() && !below ? NullNode.instance : rest;
    }

    private static JsonNode list(ListType type, JsonNode tree, FieldSet fields) {
        if (!TreeComparer.hasParts(tree, false) || !type.associative()) {
            return NullNode.instance;
        }
        ArrayNode rest = JsonNodeFactory.instance.arrayNode();
        boolean below = false;
        for (JsonNode element : tree) {
            int place = fields.find(Elements.step(type, element));
            if (place >= 0 && fields.isMember(place)) {
                continue;
            }
            if (place >= 0) {
                below = true;
                rest.add(inside(type.element().get(), element, fields.childAt(place)));
            } else {
                rest.add(element);
            }
        }
        return rest.isEmpty() && !below ? NullNode.instance : rest;
    }

    /** A container out of which everything was taken stays as an empty one. */
    private static JsonNode inside(FieldType type, JsonNode value, FieldSet fields) {
        JsonNode rest = without(type, value, fields);
        if (!rest.isNull()) {
            return rest;
        }
        return value.isObject()
                ? JsonNodeFactory.instance.objectNode()
                : value.isArray() ? JsonNodeFactory.instance.arrayNode() : rest;
    }
}
