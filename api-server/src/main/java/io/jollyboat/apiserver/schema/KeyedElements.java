package io.jollyboat.apiserver.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The elements of a list by their keys. */
final class KeyedElements {
    private final List<String> names;
    private final Map<List<Object>, JsonNode> elements = new HashMap<>();

    private KeyedElements(List<String> names) {
        this.names = names;
    }

    /**
     * Of elements with the same keys the first counts.
     *
     * @param list null, or no list, for none
     * @param names of the keys; empty where nothing tells elements apart
     */
    static KeyedElements of(JsonNode list, List<String> names) {
        KeyedElements keyed = new KeyedElements(names);
        if (list != null && list.isArray()) {
            for (JsonNode element : list) {
                List<Object> keys = keyed.keys(element);
                if (keys != null) {
                    keyed.elements.putIfAbsent(keys, element);
                }
            }
        }
        return keyed;
    }

    /** The element with the same keys, null where there is none. */
    JsonNode like(JsonNode element) {
        List<Object> keys = keys(element);
        return keys == null ? null : elements.get(keys);
    }

    /** Null where a key is missing, or is no scalar. */
    private List<Object> keys(JsonNode element) {
        if (names.isEmpty() || !element.isObject()) {
            return null;
        }
        List<Object> keys = new ArrayList<>(names.size());
        for (String name : names) {
            JsonNode key = element.get(name);
            Object scalar = key == null ? null : scalar(key);
            if (scalar == null) {
                return null;
            }
            keys.add(scalar);
        }
        return keys;
    }

    private static Object scalar(JsonNode key) {
        return switch (Kind.of(key)) {
            case STRING -> key.asString();
            case INTEGER -> key.longValue();
            case NUMBER -> key.doubleValue();
            case BOOLEAN -> key.booleanValue();
            case OBJECT, ARRAY, NULL -> null;
        };
    }
}
