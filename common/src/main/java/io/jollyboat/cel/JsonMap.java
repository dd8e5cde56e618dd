package io.jollyboat.cel;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A JSON object as a map whose values are made when asked for. */
final class JsonMap extends AbstractMap<Object, Object> implements JsonBacked {

    private final JsonNode node;

    JsonMap(JsonNode node) {
        this.node = node;
    }

    @Override
    public JsonNode json() {
        return node;
    }

    @Override
    public Object get(Object key) {
        if (!(key instanceof String name)) {
            return null;
        }
        JsonNode value = node.get(name);
        return value == null ? null : Values.of(value);
    }

    @Override
    public boolean containsKey(Object key) {
        return key instanceof String name && node.has(name);
    }

    @Override
    public int size() {
        return node.size();
    }

    @Override
    public Set<Map.Entry<Object, Object>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<Object, Object>> iterator() {
                Iterator<Map.Entry<String, JsonNode>> entries =
                        node.properties().iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return entries.hasNext();
                    }

                    @Override
                    public Map.Entry<Object, Object> next() {
                        Map.Entry<String, JsonNode> entry = entries.next();
                        return Map.entry(entry.getKey(), Values.of(entry.getValue()));
                    }
                };
            }

            @Override
            public int size() {
                return node.size();
            }
        };
    }
}
