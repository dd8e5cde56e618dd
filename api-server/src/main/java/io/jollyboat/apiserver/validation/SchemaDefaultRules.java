package io.jollyboat.apiserver.validation;

import io.jollyboat.api.apiextensions.v1.JSON;
import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Defaults must be what their own schema allows, as far as types and enumerations go. */
final class SchemaDefaultRules {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private SchemaDefaultRules() {}

    static void check(Errors errors, JSONSchemaProps schema, String path) {
        if (schema.hasDefault()) {
            value(errors, schema, read(schema.getDefault()), path + ".default");
        }
        new TreeMap<>(schema.getPropertiesMap())
                .forEach((name, child) -> check(errors, child, path + ".properties[" + name + "]"));
        if (schema.getItems().hasSchema()) {
            check(errors, schema.getItems().getSchema(), path + ".items");
        }
        if (schema.getAdditionalProperties().hasSchema()) {
            check(errors, schema.getAdditionalProperties().getSchema(), path + ".additionalProperties");
        }
    }

    private static JsonNode read(JSON json) {
        return MAPPER.readTree(json.getRaw().toByteArray());
    }

    private static void value(Errors errors, JSONSchemaProps schema, JsonNode value, String path) {
        String type = schema.getType();
        if (value.isNull() && schema.getNullable()) {
            return;
        }
        String given = typeOf(value);
        boolean fits = type.isEmpty()
                || given.equals(type)
                || (type.equals("number") && given.equals("integer"))
                || (schema.getXKubernetesIntOrString()
                        && List.of("integer", "string").contains(given));
        if (!fits) {
            errors.typeInvalid(path, given, " in body must be of type " + type + ": \"" + given + "\"");
            return;
        }
        List<JsonNode> allowed =
                schema.getEnumList().stream().map(SchemaDefaultRules::read).toList();
        if (!allowed.isEmpty() && !allowed.contains(value)) {
            errors.notSupported(
                    path,
                    value.isString() ? value.asString() : Errors.bare(value.toString()),
                    allowed.stream()
                            .map(each -> each.isString() ? each.asString() : each.toString())
                            .toList());
        }
        value.properties().forEach(entry -> {
            JSONSchemaProps child = schema.getPropertiesMap().get(entry.getKey());
            if (child != null) {
                value(errors, child, entry.getValue(), path + "." + entry.getKey());
            }
        });
        for (int i = 0; value.isArray() && schema.getItems().hasSchema() && i < value.size(); i++) {
            value(errors, schema.getItems().getSchema(), value.get(i), path + "[" + i + "]");
        }
    }

    private static String typeOf(JsonNode value) {
        if (value.isString()) {
            return "string";
        }
        if (value.isBoolean()) {
            return "boolean";
        }
        if (value.isIntegralNumber()) {
            return "integer";
        }
        if (value.isNumber()) {
            return "number";
        }
        if (value.isArray()) {
            return "array";
        }
        return value.isObject() ? "object" : "null";
    }
}
