package io.jollyboat.apiserver.schema;

import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;
import io.jollyboat.cel.DeclType;
import io.jollyboat.cel.SchemaTypes;
import io.jollyboat.codec.JsonCodec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A place with rules, or with rules somewhere within it.
 *
 * @param schema in the JSON form, by which values are read
 * @param root whether its values are whole objects
 * @param type of the schema, empty where it has none
 * @param problem why no rule could be compiled, else null
 * @param mapKeys of a list whose elements go together with those before; empty for others
 */
record RuleNode(
        JsonNode schema,
        boolean root,
        String type,
        List<CompiledRule> rules,
        String problem,
        Map<String, RuleNode> properties,
        RuleNode items,
        RuleNode additional,
        List<String> mapKeys) {
    private static final List<String> WORDS = List.of("description", "title", "example", "externalDocs");

    /**
     * Null where there are no rules.
     *
     * @param root whether it is the schema of whole objects
     */
    static RuleNode of(JSONSchemaProps schema, boolean root) {
        if (!hasRules(schema)) {
            return null;
        }
        JsonNode json = JsonCodec.toTree(schema, null, null);
        shorten(json);
        return of(schema, json, root);
    }

    static boolean hasRules(JSONSchemaProps schema) {
        return schema.getXKubernetesValidationsCount() > 0
                || (schema.getItems().hasSchema() && hasRules(schema.getItems().getSchema()))
                || (schema.getAdditionalProperties().hasSchema()
                        && hasRules(schema.getAdditionalProperties().getSchema()))
                || schema.getPropertiesMap().values().stream().anyMatch(RuleNode::hasRules);
    }

    /** Takes out what is only said to people. */
    private static void shorten(JsonNode schema) {
        if (schema instanceof ObjectNode object) {
            object.remove(WORDS);
            object.path("properties").values().forEach(RuleNode::shorten);
            shorten(object.path("items"));
            shorten(object.path("additionalProperties"));
        }
    }

    private static RuleNode of(JSONSchemaProps schema, JsonNode json, boolean root) {
        if (!hasRules(schema)) {
            return null;
        }
        List<CompiledRule> rules = List.of();
        String problem = null;
        if (schema.getXKubernetesValidationsCount() > 0) {
            DeclType type = SchemaTypes.of(json, root);
            if (type == null) {
                problem = "failed to convert to declType for CEL validation rules";
            } else {
                rules = CompiledRule.compile(schema, type);
            }
        }
        Map<String, RuleNode> properties = new HashMap<>();
        schema.getPropertiesMap().forEach((name, child) -> {
            boolean embedded = child.getXKubernetesEmbeddedResource();
            JsonNode childJson = json.path("properties").path(name);
            // Fields without a type are not there for expressions, so their own rules are not looked at either.
            RuleNode node = hasRules(child) && SchemaTypes.of(childJson, embedded) != null
                    ? of(child, childJson, embedded)
                    : null;
            if (node != null) {
                properties.put(name, node);
            }
        });
        return new RuleNode(
                json,
                root,
                schema.getType(),
                rules,
                problem,
                Map.copyOf(properties),
                schema.getItems().hasSchema()
                        ? of(
                                schema.getItems().getSchema(),
                                json.path("items"),
                                schema.getItems().getSchema().getXKubernetesEmbeddedResource())
                        : null,
                schema.getAdditionalProperties().hasSchema()
                        ? of(
                                schema.getAdditionalProperties().getSchema(),
                                json.path("additionalProperties"),
                                schema.getAdditionalProperties().getSchema().getXKubernetesEmbeddedResource())
                        : null,
                schema.getXKubernetesListType().equals("map")
                        ? List.copyOf(schema.getXKubernetesListMapKeysList())
                        : List.of());
    }
}
