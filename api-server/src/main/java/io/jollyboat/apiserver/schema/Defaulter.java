package io.jollyboat.apiserver.schema;

import io.jollyboat.apiserver.schema.SchemaNode.Others;
import java.util.Iterator;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Fills in defaults, and removes nulls that say nothing. */
final class Defaulter {
    private Defaulter() {}

    /** Null where null is not allowed is as if the field were not there, unless it has a default. */
    static void dropNulls(JsonNode value, SchemaNode schema) {
        if (schema == null) {
            return;
        }
        if (value.isObject()) {
            Iterator<Map.Entry<String, JsonNode>> fields = value.properties().iterator();
            while (fields.hasNext()) {
                Map.Entry<String, JsonNode> field = fields.next();
                SchemaNode child = schema.child(field.getKey());
                if (unwanted(field.getValue(), child) && child.shape.defaultValue() == null) {
                    fields.remove();
                } else if (field.getValue().isContainer()) {
                    dropNulls(field.getValue(), child);
                }
            }
        } else if (value.isArray()) {
            for (JsonNode element : value) {
                if (element.isContainer()) {
                    dropNulls(element, schema.shape.items());
                }
            }
        }
    }

    private static boolean unwanted(JsonNode value, SchemaNode schema) {
        return value.isNull() && schema != null && !schema.shape.nullable();
    }

    static void fill(JsonNode value, SchemaNode schema) {
        if (schema == null || !schema.hasDefaults) {
            return;
        }
        if (value instanceof ObjectNode object) {
            schema.shape.properties().forEach((name, child) -> {
                JsonNode wanted = child.shape.defaultValue();
                if (wanted != null) {
                    JsonNode found = object.get(name);
                    if (found == null || unwanted(found, child)) {
                        object.set(name, wanted.deepCopy());
                    }
                }
            });
            fields(object, schema);
        } else if (value instanceof ArrayNode list) {
            SchemaNode items = schema.shape.items();
            for (int i = 0; i < list.size(); i++) {
                if (unwanted(list.get(i), items)) {
                    set(list, i, items.shape.defaultValue());
                }
                fill(list.get(i), items);
            }
        }
    }

    private static void fields(ObjectNode object, SchemaNode schema) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            SchemaNode named = schema.shape.properties().get(field.getKey());
            if (named == null && schema.shape.others() == Others.TYPED) {
                SchemaNode other = schema.shape.additional();
                if (unwanted(field.getValue(), other) && other.shape.defaultValue() != null) {
                    field.setValue(other.shape.defaultValue().deepCopy());
                }
                fill(field.getValue(), other);
            } else {
                fill(field.getValue(), named);
            }
        }
    }

    private static void set(ArrayNode list, int index, JsonNode value) {
        if (value != null) {
            list.set(index, value.deepCopy());
        }
    }
}
