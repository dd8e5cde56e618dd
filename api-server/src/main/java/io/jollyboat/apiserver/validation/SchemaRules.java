package io.jollyboat.apiserver.validation;

import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;
import io.jollyboat.api.apiextensions.v1.ValidationRule;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** What of OpenAPI a custom resource's schema may use. Rules in CEL are not compiled, only looked for. */
final class SchemaRules {
    private static final List<String> TYPES = List.of("array", "boolean", "integer", "number", "object", "string");
    private static final String[] REASONS = {
        "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"
    };

    private SchemaRules() {}

    static void check(Errors errors, JSONSchemaProps schema, boolean root, String path) {
        standard(errors, schema, path);
        if (schema.getUniqueItems()) {
            errors.forbidden(
                    path + ".uniqueItems",
                    "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        }
        if (schema.hasAdditionalProperties()) {
            boolean says = !schema.getAdditionalProperties().getAllows()
                    || schema.getAdditionalProperties().hasSchema();
            if (schema.getPropertiesCount() > 0 && says) {
                errors.forbidden(
                        path + ".additionalProperties", "additionalProperties and properties are mutual exclusive");
            }
            if (schema.getAdditionalProperties().hasSchema()) {
                check(errors, schema.getAdditionalProperties().getSchema(), false, path + ".additionalProperties");
            }
        }
        new TreeMap<>(schema.getPropertiesMap()).forEach((name, child) -> {
            String at = path + ".properties[" + name + "]";
            boolean meta = root && List.of("metadata", "kind", "apiVersion").contains(name);
            if (meta && child.hasDefault()) {
                errors.forbidden(at + ".default", "must not be set in top-level " + name);
            }
            check(errors, child, false, at);
        });
        if (schema.hasNot()) {
            check(errors, schema.getNot(), false, path + ".not");
        }
        each(errors, schema.getAllOfList(), path + ".allOf");
        each(errors, schema.getOneOfList(), path + ".oneOf");
        each(errors, schema.getAnyOfList(), path + ".anyOf");
        if (schema.getItems().hasSchema()) {
            check(errors, schema.getItems().getSchema(), false, path + ".items");
        }
        SchemaListRules.check(errors, schema, path);
        rules(errors, schema, path + ".x-kubernetes-validations");
    }

    private static void each(Errors errors, List<JSONSchemaProps> schemas, String path) {
        for (int i = 0; i < schemas.size(); i++) {
            check(errors, schemas.get(i), false, path + "[" + i + "]");
        }
    }

    private static void standard(Errors errors, JSONSchemaProps schema, String path) {
        if (!schema.getType().isEmpty() && !TYPES.contains(schema.getType())) {
            errors.notSupported(path + ".type", schema.getType(), TYPES);
        }
        unsupported(errors, !schema.getId().isEmpty(), path, "id");
        unsupported(errors, schema.hasAdditionalItems(), path, "additionalItems");
        unsupported(errors, schema.getPatternPropertiesCount() > 0, path, "patternProperties");
        unsupported(errors, schema.getDefinitionsCount() > 0, path, "definitions");
        unsupported(errors, schema.getDependenciesCount() > 0, path, "dependencies");
        unsupported(errors, schema.hasRef(), path, "$ref");
        if (schema.getType().equals("null")) {
            errors.forbidden(path + ".type", "type cannot be set to null, use nullable as an alternative");
        }
        if (schema.getItems().getJSONSchemasCount() > 0) {
            errors.forbidden(path + ".items", "items must be a schema object and not an array");
        }
    }

    private static void unsupported(Errors errors, boolean used, String path, String name) {
        if (used) {
            errors.forbidden(path + "." + name, name + " is not supported");
        }
    }

    private static void rules(Errors errors, JSONSchemaProps schema, String path) {
        for (int i = 0; i < schema.getXKubernetesValidationsCount(); i++) {
            rule(errors, schema, schema.getXKubernetesValidations(i), path + "[" + i + "]");
        }
    }

    private static void rule(Errors errors, JSONSchemaProps schema, ValidationRule rule, String path) {
        String message = rule.getMessage();
        if (rule.getRule().isBlank()) {
            errors.required(path + ".rule", "rule is not specified");
        } else if (!message.isEmpty() && message.isBlank()) {
            errors.invalid(path + ".message", message, "must be non-empty if specified");
        } else if (hasLines(message.strip())) {
            errors.invalid(path + ".message", message, "must not contain line breaks");
        } else if (hasLines(rule.getRule().strip()) && message.isBlank()) {
            errors.required(path + ".message", "message must be specified if rule contains line breaks");
        }
        if (!rule.getMessageExpression().isEmpty()
                && rule.getMessageExpression().isBlank()) {
            errors.required(path + ".messageExpression", "messageExpression must be non-empty if specified");
        }
        if (rule.hasReason()) {
            errors.oneOf(path + ".reason", rule.getReason(), REASONS);
        }
        String field = rule.getFieldPath();
        if (field.isEmpty()) {
            return;
        }
        if (field.isBlank()) {
            errors.invalid(path + ".fieldPath", field, "must be non-empty if specified");
        }
        if (hasLines(field)) {
            errors.invalid(path + ".fieldPath", field, "must not contain line breaks");
        }
        if (SchemaPaths.find(schema, field) == null) {
            errors.invalid(path + ".fieldPath", field, "must be a valid path");
        }
    }

    private static boolean hasLines(String text) {
        return text.contains("\n") || text.contains("\r");
    }

    /** The rules of lists with keys, and of maps. */
    private static final class SchemaListRules {
        private SchemaListRules() {}

        static void check(Errors errors, JSONSchemaProps schema, String path) {
            if (schema.hasXKubernetesPreserveUnknownFields() && !schema.getXKubernetesPreserveUnknownFields()) {
                errors.invalid(path + ".x-kubernetes-preserve-unknown-fields", false, "must be true or undefined");
            }
            String mapType = schema.getXKubernetesMapType();
            if (schema.hasXKubernetesMapType()) {
                typed(errors, schema, "object", "x-kubernetes-map-type", path);
                errors.oneOf(path + ".x-kubernetes-map-type", mapType, "atomic", "granular");
            }
            String type = schema.getXKubernetesListType();
            if (schema.hasXKubernetesListType()) {
                typed(errors, schema, "array", "x-kubernetes-list-type", path);
                if (type.equals("set") && schema.getType().equals("array")) {
                    set(errors, schema.getItems().getSchema(), path + ".items");
                }
                errors.oneOf(path + ".x-kubernetes-list-type", type, "atomic", "set", "map");
            }
            if (schema.getXKubernetesListMapKeysCount() > 0 && !type.equals("map")) {
                String detail = "must be map if x-kubernetes-list-map-keys is non-empty";
                if (schema.hasXKubernetesListType()) {
                    errors.invalid(path + ".x-kubernetes-list-type", type, detail);
                } else {
                    errors.required(path + ".x-kubernetes-list-type", detail);
                }
            }
            if (type.equals("map")) {
                keys(errors, schema, path);
            }
            if (type.equals("map") || type.equals("set")) {
                items(errors, schema, type, path + ".items");
            }
        }

        private static void typed(Errors errors, JSONSchemaProps schema, String type, String field, String path) {
            String detail = "must be " + type + " if " + field + " is specified";
            if (schema.getType().isEmpty()) {
                errors.required(path + ".type", detail);
            } else if (!schema.getType().equals(type)) {
                errors.invalid(path + ".type", schema.getType(), detail);
            }
        }

        private static void set(Errors errors, JSONSchemaProps item, String path) {
            String detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
            if (item.getType().equals("array")
                    && item.hasXKubernetesListType()
                    && !item.getXKubernetesListType().equals("atomic")) {
                errors.invalid(path + ".x-kubernetes-list-type", item.getXKubernetesListType(), detail);
            }
            if (item.getType().equals("object") && !item.getXKubernetesMapType().equals("atomic")) {
                Object shown = item.hasXKubernetesListType() ? item.getXKubernetesListType() : Errors.bare("null");
                errors.invalid(path + ".x-kubernetes-map-type", shown, detail);
            }
        }

        private static void keys(Errors errors, JSONSchemaProps schema, String path) {
            List<String> keys = schema.getXKubernetesListMapKeysList();
            String at = path + ".x-kubernetes-list-map-keys";
            if (keys.isEmpty()) {
                errors.required(at, "must not be empty if x-kubernetes-list-type is map");
            }
            if (!schema.hasItems()) {
                errors.required(path + ".items", "must have a schema if x-kubernetes-list-type is map");
                return;
            }
            JSONSchemaProps item = schema.getItems().getSchema();
            if (!item.getType().equals("object")) {
                errors.invalid(
                        path + ".items.type",
                        item.getType(),
                        "must be object if parent array's x-kubernetes-list-type is map");
                return;
            }
            Set<String> seen = new HashSet<>();
            for (String key : keys) {
                JSONSchemaProps child = item.getPropertiesMap().get(key);
                if (child == null) {
                    errors.invalid(at, Errors.shown(keys), "entries must all be names of item properties");
                } else if (List.of("array", "object").contains(child.getType())) {
                    errors.invalid(
                            path + ".items.properties[" + key + "].type",
                            item.getType(),
                            "must be a scalar type if parent array's x-kubernetes-list-type is map");
                }
                if (!seen.add(key)) {
                    errors.invalid(at, Errors.shown(keys), "must not contain duplicate entries");
                }
            }
        }

        private static void items(Errors errors, JSONSchemaProps schema, String type, String path) {
            JSONSchemaProps item = schema.getItems().getSchema();
            if (item.getNullable()) {
                errors.forbidden(path + ".nullable", "cannot be nullable when x-kubernetes-list-type is " + type);
            }
            for (String key : schema.getXKubernetesListMapKeysList()) {
                JSONSchemaProps child = item.getPropertiesMap().get(key);
                if (!type.equals("map") || child == null) {
                    continue;
                }
                String at = path + ".properties[" + key + "]";
                if (!item.getRequiredList().contains(key) && !child.hasDefault()) {
                    errors.required(
                            at + ".default",
                            "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required"
                                    + " property");
                }
                if (child.getNullable()) {
                    errors.forbidden(
                            at + ".nullable",
                            "this property is in x-kubernetes-list-map-keys, so it cannot be nullable");
                }
            }
        }
    }
}
