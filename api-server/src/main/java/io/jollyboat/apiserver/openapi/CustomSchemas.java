package io.jollyboat.apiserver.openapi;

import io.jollyboat.apiserver.custom.CustomVersion;
import io.jollyboat.codec.JsonCodec;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The schemas of definitions as they are published. */
final class CustomSchemas {
    /** What version 2 of OpenAPI does not know. */
    private static final List<String> ONLY_V3 = List.of("oneOf", "anyOf", "allOf", "not", "nullable");

    private CustomSchemas() {}

    /** The version's schema, which the caller may change. */
    static ObjectNode published(CustomVersion version, boolean v3) {
        ObjectNode schema = (ObjectNode) JsonCodec.toTree(version.declaredSchema(), null, null);
        if (!v3) {
            reduce(schema);
        }
        if (schema.path("properties").isMissingNode()) {
            schema.putObject("properties");
        }
        schema.put("type", "object");
        return schema;
    }

    /** Clients of version 2 check objects by it: where anything may stand, it must say nothing. */
    private static void reduce(ObjectNode schema) {
        schema.remove(ONLY_V3);
        if (schema.path("x-kubernetes-preserve-unknown-fields").asBoolean(false)
                || schema.path("x-kubernetes-int-or-string").asBoolean(false)) {
            schema.remove(List.of("type", "properties", "items", "additionalProperties", "required", "default"));
        }
        for (JsonNode child : schema.path("properties")) {
            reduce((ObjectNode) child);
        }
        for (String nested : List.of("items", "additionalProperties")) {
            if (schema.get(nested) instanceof ObjectNode child) {
                reduce(child);
            } else {
                schema.remove(nested);
            }
        }
    }
}
