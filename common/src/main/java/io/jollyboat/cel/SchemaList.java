package io.jollyboat.cel;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A JSON array with a schema. Sets and lists with keys are equal in any order, and adding to them is a union. */
final class SchemaList extends AbstractList<Object> implements JsonBacked {

    private final JsonNode tree;
    private final JsonNode schema;

    SchemaList(JsonNode tree, JsonNode schema) {
        this.tree = tree;
        this.schema = schema;
    }

    @Override
    public JsonNode json() {
        return tree;
    }

    @Override
    public Object get(int index) {
        return SchemaValues.of(tree.get(index), schema.path("items"));
    }

    @Override
    public int size() {
        return tree.size();
    }

    private String listType() {
        return schema.path("x-kubernetes-list-type").stringValue("atomic");
    }

    /** What makes an element the same as another: its keys, or all of it. */
    private Object identity(JsonNode element) {
        if (!listType().equals("map")) {
            return element;
        }
        List<JsonNode> keys = new ArrayList<>();
        for (JsonNode key : schema.path("x-kubernetes-list-map-keys")) {
            keys.add(element.path(key.stringValue("")));
        }
        return keys;
    }

    private Map<Object, JsonNode> byIdentity(JsonNode elements) {
        Map<Object, JsonNode> all = new LinkedHashMap<>();
        elements.forEach(element -> all.put(identity(element), element));
        return all;
    }

    boolean equalTo(List<?> other) {
        if (listType().equals("atomic")) {
            return Values.listsEqual(this, other);
        }
        if (size() != other.size()) {
            return false;
        }
        Map<Object, JsonNode> own = byIdentity(tree);
        for (JsonNode element : Values.toJson(other)) {
            JsonNode same = own.get(identity(element));
            if (same == null
                    || !Values.equal(
                            SchemaValues.of(same, schema.path("items")),
                            SchemaValues.of(element, schema.path("items")))) {
                return false;
            }
        }
        return true;
    }

    SchemaList plus(List<?> other) {
        ArrayNode sum = JsonNodeFactory.instance.arrayNode();
        if (listType().equals("atomic")) {
            tree.forEach(sum::add);
            Values.toJson(other).forEach(sum::add);
        } else {
            Map<Object, JsonNode> all = byIdentity(tree);
            for (JsonNode element : Values.toJson(other)) {
                all.put(identity(element), element);
            }
            all.values().forEach(sum::add);
        }
        return new SchemaList(sum, schema);
    }
}
