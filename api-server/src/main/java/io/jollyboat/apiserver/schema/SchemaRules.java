package io.jollyboat.apiserver.schema;

import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** What of OpenAPI a custom resource's schema may use. */
final class SchemaRules {
    private static final List<String> TYPES = List.of("array", "boolean", "integer", "number", "object", "string");
    private static final Set<String> META = Set.of("metadata", "kind", "apiVersion");

    private final Problems errors;
    private final boolean atomicSets;
    private final boolean validTypes;
    private final boolean validKeys;

    SchemaRules(Problems errors, DefinitionSchemas.Tolerance tolerance) {
        this.errors = errors;
        this.validTypes = !tolerance.types();
        this.atomicSets = !tolerance.sets();
        this.validKeys = !tolerance.keys();
    }

    /**
     * What holds because of where a place is.
     *
     * @param metadata within an object's type or metadata
     * @param noDefault why there may be no default, null where there may
     */
    private record Scope(boolean root, boolean metadata, String noDefault) {
        Scope inner() {
            return new Scope(false, metadata, noDefault);
        }

        Scope others() {
            return metadata
                    ? new Scope(false, true, " inside additionalProperties applying to object metadata")
                    : inner();
        }

        Scope property(String name, boolean embedded) {
            boolean meta = (root || embedded) && META.contains(name);
            return new Scope(false, metadata || meta, root && meta ? " in top-level " + name : noDefault);
        }
    }

    void check(JSONSchemaProps schema, String path) {
        check(schema, new Scope(true, false, null), path);
    }

    private void check(JSONSchemaProps schema, Scope scope, String path) {
        standard(schema, scope, path);
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
                check(schema.getAdditionalProperties().getSchema(), scope.others(), path + ".additionalProperties");
            }
        }
        boolean embedded = schema.getXKubernetesEmbeddedResource();
        new TreeMap<>(schema.getPropertiesMap())
                .forEach((name, child) ->
                        check(child, scope.property(name, embedded), path + ".properties[" + name + "]"));
        if (schema.hasNot()) {
            check(schema.getNot(), scope.inner(), path + ".not");
        }
        each(schema.getAllOfList(), scope.inner(), path + ".allOf");
        each(schema.getOneOfList(), scope.inner(), path + ".oneOf");
        each(schema.getAnyOfList(), scope.inner(), path + ".anyOf");
        new TreeMap<>(schema.getDefinitionsMap())
                .forEach((name, child) -> check(child, scope.inner(), path + ".definitions[" + name + "]"));
        if (schema.getItems().hasSchema()) {
            check(schema.getItems().getSchema(), scope.inner(), path + ".items");
        }
        each(schema.getItems().getJSONSchemasList(), scope.inner(), path + ".items");
        new TreeMap<>(schema.getDependenciesMap()).forEach((name, child) -> {
            if (child.hasSchema()) {
                check(child.getSchema(), scope.inner(), path + ".dependencies[" + name + "]");
            }
        });
        SchemaListRules.check(errors, schema, path, atomicSets, validKeys);
        RuleForm.check(errors, schema, path + ".x-kubernetes-validations");
    }

    private void each(List<JSONSchemaProps> schemas, Scope scope, String path) {
        for (int i = 0; i < schemas.size(); i++) {
            check(schemas.get(i), scope, path + "[" + i + "]");
        }
    }

    private void standard(JSONSchemaProps schema, Scope scope, String path) {
        if (validTypes && !schema.getType().isEmpty() && !TYPES.contains(schema.getType())) {
            errors.notSupported(path + ".type", schema.getType(), TYPES);
        }
        boolean defaulted =
                schema.hasDefault() && !SchemaCompiler.read(schema.getDefault()).isNull();
        if (defaulted && scope.noDefault() != null) {
            errors.forbidden(path + ".default", "must not be set" + scope.noDefault());
        }
        unsupported(!schema.getId().isEmpty(), path, "id");
        unsupported(schema.hasAdditionalItems(), path, "additionalItems");
        unsupported(schema.getPatternPropertiesCount() > 0, path, "patternProperties");
        unsupported(schema.getDefinitionsCount() > 0, path, "definitions");
        unsupported(schema.getDependenciesCount() > 0, path, "dependencies");
        unsupported(schema.hasRef(), path, "$ref");
        if (schema.getType().equals("null")) {
            errors.forbidden(path + ".type", "type cannot be set to null, use nullable as an alternative");
        }
        if (schema.getItems().getJSONSchemasCount() > 0) {
            errors.forbidden(path + ".items", "items must be a schema object and not an array");
        }
        errors.forbidden(
                scope.metadata() && schema.getXKubernetesEmbeddedResource(),
                path + ".x-kubernetes-embedded-resource",
                "must not be used inside of resource meta");
    }

    private void unsupported(boolean used, String path, String name) {
        errors.forbidden(used, path + "." + name, name + " is not supported");
    }

    /** Whether the place names a type that there is not. */
    static boolean hasUnknownType(JSONSchemaProps schema) {
        return !schema.getType().isEmpty() && !TYPES.contains(schema.getType());
    }
}
