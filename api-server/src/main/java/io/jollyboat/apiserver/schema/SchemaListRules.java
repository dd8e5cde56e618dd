package io.jollyboat.apiserver.schema;

import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of lists with keys, and of maps. */
final class SchemaListRules {
    private SchemaListRules() {}

    static void check(Problems errors, JSONSchemaProps schema, String path, boolean atomicSets, boolean validKeys) {
        if (schema.hasXKubernetesPreserveUnknownFields() && !schema.getXKubernetesPreserveUnknownFields()) {
            errors.invalid(path + ".x-kubernetes-preserve-unknown-fields", false, "must be true or undefined");
        }
        String mapType = schema.getXKubernetesMapType();
        if (schema.hasXKubernetesMapType()) {
            typed(errors, schema, "object", "x-kubernetes-map-type", path);
            errors.oneOf(path + ".x-kubernetes-map-type", mapType, List.of("atomic", "granular"));
        }
        String type = schema.getXKubernetesListType();
        if (schema.hasXKubernetesListType()) {
            typed(errors, schema, "array", "x-kubernetes-list-type", path);
            if (atomicSets
                    && type.equals("set")
                    && schema.getType().equals("array")
                    && schema.getItems().hasSchema()) {
                set(errors, schema.getItems().getSchema(), path + ".items");
            }
            errors.oneOf(path + ".x-kubernetes-list-type", type, List.of("atomic", "set", "map"));
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
        if (validKeys && schema.getItems().hasSchema() && (type.equals("map") || type.equals("set"))) {
            items(errors, schema, type, path + ".items");
        }
    }

    private static void typed(Problems errors, JSONSchemaProps schema, String type, String field, String path) {
        String detail = "must be " + type + " if " + field + " is specified";
        if (schema.getType().isEmpty()) {
            errors.required(path + ".type", detail);
        } else if (!schema.getType().equals(type)) {
            errors.invalid(path + ".type", schema.getType(), detail);
        }
    }

    private static void set(Problems errors, JSONSchemaProps item, String path) {
        String detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
        if (item.getType().equals("array")
                && item.hasXKubernetesListType()
                && !item.getXKubernetesListType().equals("atomic")) {
            errors.invalid(path + ".x-kubernetes-list-type", item.getXKubernetesListType(), detail);
        }
        if (item.getType().equals("object") && !item.getXKubernetesMapType().equals("atomic")) {
            Object shown = item.hasXKubernetesListType() ? item.getXKubernetesListType() : new GoJson.Bare("null");
            errors.invalid(path + ".x-kubernetes-map-type", shown, detail);
        }
    }

    private static void keys(Problems errors, JSONSchemaProps schema, String path) {
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
                errors.invalid(at, GoJson.shown(keys), "entries must all be names of item properties");
            } else if (List.of("array", "object").contains(child.getType())) {
                errors.invalid(
                        path + ".items.properties[" + key + "].type",
                        item.getType(),
                        "must be a scalar type if parent array's x-kubernetes-list-type is map");
            }
            if (!seen.add(key)) {
                errors.invalid(at, GoJson.shown(keys), "must not contain duplicate entries");
            }
        }
    }

    private static void items(Problems errors, JSONSchemaProps schema, String type, String path) {
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
                        at + ".nullable", "this property is in x-kubernetes-list-map-keys, so it cannot be nullable");
            }
        }
    }

    /** Whether the place is a set of what is merged. */
    static boolean hasMergedSet(JSONSchemaProps schema) {
        Problems problems = new Problems();
        if (schema.getXKubernetesListType().equals("set") && schema.getItems().hasSchema()) {
            set(problems, schema.getItems().getSchema(), "");
        }
        return !problems.found().isEmpty();
    }

    /** Whether the place is a list whose elements or keys may be absent. */
    static boolean hasLooseKeys(JSONSchemaProps schema) {
        Problems problems = new Problems();
        String type = schema.getXKubernetesListType();
        if (schema.getItems().hasSchema() && (type.equals("map") || type.equals("set"))) {
            items(problems, schema, type, "");
        }
        return !problems.found().isEmpty();
    }
}
