package io.jollyboat.cel;

import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A JSON object with a schema: an object with properties, whose names are escaped, or a map. */
final class SchemaMap extends AbstractMap<Object, Object> implements JsonBacked {

    private final JsonNode tree;
    private final JsonNode properties;
    private final JsonNode values;

    SchemaMap(JsonNode tree, JsonNode schema) {
        this.tree = tree;
        this.properties = schema.path("properties");
        this.values = schema.path("additionalProperties");
    }

    @Override
    public JsonNode json() {
        return tree;
    }

    private boolean isObject() {
        return properties.isObject();
    }

    @Override
    public Object get(Object key) {
        String name = isObject() ? PropertyNames.unescape((String) key) : (String) key;
        JsonNode value = name == null ? null : tree.get(name);
        if (value == null || (isObject() && value.isNull())) {
            return null;
        }
        JsonNode schema = isObject() ? properties.path(name) : values;
        return schema.isObject() ? SchemaValues.of(value, schema) : null;
    }

    @Override
    public boolean containsKey(Object key) {
        return key instanceof String && get(key) != null;
    }

    @Override
    public int size() {
        return tree.size();
    }

    @Override
    public Set<Map.Entry<Object, Object>> entrySet() {
        Map<Object, Object> entries = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : tree.properties()) {
            String escaped = isObject() ? PropertyNames.escape(entry.getKey()) : entry.getKey();
            Object value = escaped == null ? null : get(escaped);
            if (value != null) {
                entries.put(escaped, value);
            }
        }
        return entries.entrySet();
    }
}
