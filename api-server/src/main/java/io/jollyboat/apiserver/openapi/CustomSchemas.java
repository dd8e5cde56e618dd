package io.jollyboat.apiserver.openapi;

import io.jollyboat.apiserver.custom.CustomVersion;
import io.jollyboat.codec.JsonCodec;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The schemas of definitions as they are published. */
final class CustomSchemas {
    private static final String PRESERVES = "x-kubernetes-preserve-unknown-fields";
    /** What version 2 of OpenAPI does not know. */
    private static final List<String> ONLY_V3 = List.of("oneOf", "anyOf", "allOf", "not");

    private CustomSchemas() {}

    /**
     * The version's schema, which the caller may change.
     *
     * @param complete adds the properties that each object has to a schema, which is the root's or an embedded object's
     */
    static ObjectNode published(CustomVersion version, boolean v3, Consumer<ObjectNode> complete) {
        ObjectNode schema = (ObjectNode) JsonCodec.toTree(version.declaredSchema(), null, null);
        if (!v3 && preserves(schema)) {
            // Clients of version 2 take what is not listed for unknown: nothing may be listed.
            return JsonNodeFactory.instance.objectNode().put("type", "object");
        }
        if (!v3) {
            reduce(schema);
        }
        schema.put("type", "object");
        complete.accept(schema);
        for (JsonNode child : schema.path("properties")) {
            embedded((ObjectNode) child, v3, complete);
        }
        return schema;
    }

    private static boolean preserves(JsonNode schema) {
        return schema.path(PRESERVES).asBoolean(false);
    }

    /** Takes out what clients of version 2 would misunderstand. */
    private static void reduce(ObjectNode schema) {
        schema.remove(ONLY_V3);
        schema.remove("default"); // as upstream, in no place of this version
        if (schema.path("nullable").asBoolean(false)) {
            schema.remove(List.of("nullable", "type", "items", "properties"));
        }
        if (preserves(schema)) {
            schema.remove(List.of("items", "properties"));
        }
        String type = schema.path("type").asString("");
        if ((type.equals("array") && !schema.has("items")) || (type.equals("object") && preserves(schema))) {
            schema.remove("type");
        }
        requireNoNullables(schema);
        for (JsonNode child : schema.path("properties")) {
            reduce((ObjectNode) child);
        }
        for (String nested : List.of("items", "additionalProperties")) {
            if (schema.get(nested) instanceof ObjectNode child) {
                reduce(child);
            }
        }
    }

    private static void requireNoNullables(ObjectNode schema) {
        if (schema.path("additionalProperties").path("nullable").asBoolean(false)) {
            schema.remove("required");
        }
        if (!(schema.get("required") instanceof ArrayNode required)) {
            return;
        }
        ArrayNode kept = schema.putArray("required");
        for (JsonNode name : required) {
            if (!schema.path("properties")
                    .path(name.asString())
                    .path("nullable")
                    .asBoolean(false)) {
                kept.add(name);
            }
        }
        if (kept.isEmpty()) {
            schema.remove("required");
        }
    }

    /** Objects within the object have what all objects have, and must say what they are. */
    private static void embedded(ObjectNode schema, boolean v3, Consumer<ObjectNode> complete) {
        for (JsonNode child : schema.path("properties")) {
            embedded((ObjectNode) child, v3, complete);
        }
        for (String nested : List.of("items", "additionalProperties")) {
            if (schema.get(nested) instanceof ObjectNode child) {
                embedded(child, v3, complete);
            }
        }
        if (!schema.path("x-kubernetes-embedded-resource").asBoolean(false) || (!v3 && preserves(schema))) {
            return;
        }
        complete.accept(schema);
        ArrayNode required =
                schema.get("required") instanceof ArrayNode present ? present : schema.putArray("required");
        for (String name : List.of("kind", "apiVersion")) {
            if (required.valueStream().noneMatch(present -> present.asString().equals(name))) {
                required.add(name);
            }
        }
    }
}
