package io.jollyboat.apiserver.patch;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What is left of a patch where there is nothing to merge it with. */
final class Directives {
    private Directives() {}

    /** Without directives, and without nulls, which only delete. */
    static JsonNode drop(JsonNode node) {
        if (node instanceof ObjectNode object) {
            String directive = object.path("$patch").asString("");
            if (directive.equals("delete")) {
                return JsonNodeFactory.instance.objectNode();
            }
            for (String key : List.copyOf(object.propertyNames())) {
                if (key.startsWith("$") || object.get(key).isNull()) {
                    object.remove(key);
                } else {
                    object.set(key, drop(object.get(key)));
                }
            }
            return object;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode kept = JsonNodeFactory.instance.arrayNode();
            for (JsonNode element : array) {
                boolean directive = element.isObject() && element.has("$patch");
                boolean alone = directive && only(element);
                if (!alone && !element.path("$patch").asString("").equals("delete")) {
                    kept.add(drop(element));
                }
            }
            return kept;
        }
        return node;
    }

    private static boolean only(JsonNode element) {
        for (Map.Entry<String, JsonNode> entry : element.properties()) {
            if (!entry.getKey().startsWith("$")) {
                return false;
            }
        }
        return true;
    }
}
