package io.jollyboat.apiserver.openapi;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Adds what another server says of one group's version to a document of OpenAPI version 2. Pure. */
final class SpecMerge {
    private static final String REFERENCE = "#/definitions/";
    private static final String KINDS = "x-kubernetes-group-version-kind";

    private SpecMerge() {}

    /**
     * Adds the paths below the prefix, and the definitions they need: under another name where there is one of the same
     * name that says something else.
     *
     * @param base is changed
     * @param other is not changed
     * @param prefix such as {@code /apis/metrics.k8s.io/v1beta1}
     */
    static void add(ObjectNode base, ObjectNode other, String prefix) {
        ObjectNode paths = (ObjectNode) base.get("paths");
        ObjectNode wanted = base.objectNode();
        other.path("paths").properties().forEach(path -> {
            boolean below = path.getKey().equals(prefix) || path.getKey().startsWith(prefix + "/");
            if (below && !paths.has(path.getKey()) && path.getValue().isObject()) {
                wanted.set(path.getKey(), path.getValue());
            }
        });
        ObjectNode definitions = (ObjectNode) base.get("definitions");
        Map<String, String> names = new HashMap<>();
        for (String name : needed(wanted, other.path("definitions"))) {
            names.put(name, free(definitions, name, other.path("definitions").get(name)));
        }
        names.forEach((name, as) -> {
            if (!definitions.has(as)) {
                definitions.set(as, renamed(other.path("definitions").get(name), names));
            }
        });
        wanted.properties().forEach(path -> paths.set(path.getKey(), renamed(path.getValue(), names)));
    }

    private static Set<String> needed(JsonNode from, JsonNode definitions) {
        Set<String> found = new LinkedHashSet<>();
        Deque<JsonNode> waiting = new ArrayDeque<>();
        waiting.add(from);
        while (!waiting.isEmpty()) {
            JsonNode node = waiting.remove();
            JsonNode reference = node.get("$ref");
            if (reference != null
                    && reference.isString()
                    && reference.asString().startsWith(REFERENCE)) {
                String name = reference.asString().substring(REFERENCE.length());
                if (definitions.has(name) && found.add(name)) {
                    waiting.add(definitions.get(name));
                }
            }
            for (JsonNode child : node) {
                if (child.isContainer()) {
                    waiting.add(child);
                }
            }
        }
        return found;
    }

    private static String free(ObjectNode definitions, String name, JsonNode definition) {
        String as = name;
        for (int i = 2; definitions.has(as) && !same(definitions.get(as), definition); i++) {
            as = name + "_v" + i;
        }
        return as;
    }

    /** Which kinds a definition is of does not matter: every server adds its own. */
    private static boolean same(JsonNode one, JsonNode other) {
        return bare(one).equals(bare(other));
    }

    private static JsonNode bare(JsonNode definition) {
        return definition.has(KINDS) ? ((ObjectNode) definition.deepCopy()).without(KINDS) : definition;
    }

    private static JsonNode renamed(JsonNode node, Map<String, String> names) {
        UnaryOperator<String> rename = text -> text.startsWith(REFERENCE)
                ? REFERENCE + names.getOrDefault(text.substring(REFERENCE.length()), text.substring(REFERENCE.length()))
                : text;
        return copy(node, rename);
    }

    private static JsonNode copy(JsonNode node, UnaryOperator<String> rename) {
        return switch (node) {
            case ObjectNode object -> {
                ObjectNode copy = object.objectNode();
                object.properties().forEach(field -> {
                    boolean reference = field.getKey().equals("$ref") && field.getValue() instanceof StringNode;
                    copy.set(
                            field.getKey(),
                            reference
                                    ? StringNode.valueOf(
                                            rename.apply(field.getValue().asString()))
                                    : copy(field.getValue(), rename));
                });
                yield copy;
            }
            case ArrayNode array -> {
                ArrayNode copy = array.arrayNode();
                array.forEach(element -> copy.add(copy(element, rename)));
                yield copy;
            }
            default -> node;
        };
    }
}
