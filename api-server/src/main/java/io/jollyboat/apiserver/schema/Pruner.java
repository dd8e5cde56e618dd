package io.jollyboat.apiserver.schema;

import io.jollyboat.apiserver.schema.SchemaNode.Others;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Removes what a schema does not know, and tells where it stood. */
final class Pruner {
    private static final Set<String> META = Set.of("apiVersion", "kind", "metadata");

    private final PathText path = new PathText("");
    private final List<String> unknown = new ArrayList<>();

    private Pruner() {}

    /** @param embedded the value is a whole object, whose type and metadata are not the schema's */
    static List<String> prune(JsonNode value, SchemaNode schema, boolean embedded) {
        Pruner pruner = new Pruner();
        if (schema != null && schema.shape.preserves()) {
            pruner.keep(value, schema, embedded);
        } else {
            pruner.walk(value, schema, embedded);
        }
        pruner.unknown.sort(null);
        return pruner.unknown;
    }

    private void prune(JsonNode value, SchemaNode schema) {
        if (!value.isContainer()) {
            return;
        }
        if (schema != null && schema.shape.preserves()) {
            keep(value, schema, schema.shape.embedded());
        } else {
            walk(value, schema, schema != null && schema.shape.embedded());
        }
    }

    /** Where unknown fields stay; what has a schema is pruned by it all the same. */
    private void keep(JsonNode value, SchemaNode schema, boolean embedded) {
        int here = path.length();
        if (value.isObject()) {
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                String name = field.getKey();
                if (embedded && META.contains(name)) {
                    continue;
                }
                SchemaNode child = schema.shape.properties().get(name);
                if (child != null || schema.shape.others() != Others.UNSAID) {
                    path.field(name);
                    prune(field.getValue(), child != null ? child : schema.shape.additional());
                    path.cut(here);
                }
            }
        } else if (value.isArray() && schema.shape.items() != null) {
            SchemaNode items = schema.shape.items();
            for (int i = 0; i < value.size(); i++) {
                path.index(i);
                keep(value.get(i), items, items.shape.embedded());
                path.cut(here);
            }
        }
    }

    private void walk(JsonNode value, SchemaNode schema, boolean embedded) {
        int here = path.length();
        if (value.isObject()) {
            Iterator<Map.Entry<String, JsonNode>> fields = value.properties().iterator();
            while (fields.hasNext()) {
                Map.Entry<String, JsonNode> field = fields.next();
                String name = field.getKey();
                if (embedded && META.contains(name)) {
                    continue;
                }
                SchemaNode child =
                        schema == null ? null : schema.shape.properties().get(name);
                if (child != null || (schema != null && schema.shape.others() != Others.UNSAID)) {
                    path.field(name);
                    prune(field.getValue(), child != null ? child : schema.shape.additional());
                } else {
                    if (here > 0 || schema == null || !META.contains(name)) {
                        unknown.add(path.field(name).toString());
                    }
                    fields.remove();
                }
                path.cut(here);
            }
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                path.index(i);
                prune(value.get(i), schema == null ? null : schema.shape.items());
                path.cut(here);
            }
        }
    }
}
