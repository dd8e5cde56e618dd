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
    private final DefinitionRules expressions;

    SchemaRules(Problems errors, DefinitionSchemas.Tolerance tolerance) {
        this.errors = errors;
        this.validTypes = !tolerance.types();
        this.atomicSets = !tolerance.sets();
        this.validKeys = !tolerance.keys();
        this.expressions = new DefinitionRules(tolerance.costs());
    }

    /**
     * What holds because of where a place is.
     *
     * @param metadata within an object's type or metadata
     * @param noDefault why there may be no default, null where there may
     * @param rules whether expressions are compiled
     * @param times how often the place can occur in an object, null where nothing bounds that
     * @param uncorrelated the list around it whose elements are not told apart between two states, else null
     */
    private record Scope(
            boolean root, boolean metadata, String noDefault, boolean rules, Long times, String uncorrelated) {
        Scope inner() {
            return new Scope(false, metadata, noDefault, rules, times, uncorrelated);
        }

        /** Of conditions, whose rules are not looked at. */
        Scope condition() {
            return new Scope(false, metadata, noDefault, false, null, uncorrelated);
        }

        /** Of what stands within the values of a place. */
        Scope within(JSONSchemaProps schema) {
            return new Scope(root, metadata, noDefault, rules, DefinitionRules.within(schema, times), uncorrelated);
        }

        Scope items(JSONSchemaProps list, String path) {
            boolean keyed = list.getXKubernetesListType().equals("map");
            return new Scope(
                    false, metadata, noDefault, rules, times, keyed || uncorrelated != null ? uncorrelated : path);
        }

        Scope others() {
            return metadata
                    ? new Scope(
                            false,
                            true,
                            " inside additionalProperties applying to object metadata",
                            rules,
                            times,
                            uncorrelated)
                    : inner();
        }

        Scope property(String name, boolean embedded) {
            boolean meta = (root || embedded) && META.contains(name);
            String reason = root && meta ? " in top-level " + name : noDefault;
            return new Scope(false, metadata || meta, reason, rules, times, uncorrelated);
        }
    }

    /** @param rules whether expressions are compiled */
    void check(JSONSchemaProps schema, boolean rules, String path) {
        check(schema, new Scope(true, false, null, rules, 1L, null), path);
        errors.addAll(expressions.finish(path));
    }

    private void check(JSONSchemaProps schema, Scope scope, String path) {
        int before = errors.found().size();
        Scope within = scope.within(schema);
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
                check(schema.getAdditionalProperties().getSchema(), within.others(), path + ".additionalProperties");
            }
        }
        boolean embedded = schema.getXKubernetesEmbeddedResource();
        new TreeMap<>(schema.getPropertiesMap())
                .forEach((name, child) ->
                        check(child, within.property(name, embedded), path + ".properties[" + name + "]"));
        if (schema.hasNot()) {
            check(schema.getNot(), scope.condition(), path + ".not");
        }
        each(schema.getAllOfList(), scope.condition(), path + ".allOf");
        each(schema.getOneOfList(), scope.condition(), path + ".oneOf");
        each(schema.getAnyOfList(), scope.condition(), path + ".anyOf");
        new TreeMap<>(schema.getDefinitionsMap())
                .forEach((name, child) -> check(child, scope.condition(), path + ".definitions[" + name + "]"));
        if (schema.getItems().hasSchema()) {
            check(schema.getItems().getSchema(), within.items(schema, path), path + ".items");
        }
        each(schema.getItems().getJSONSchemasList(), within.items(schema, path), path + ".items");
        new TreeMap<>(schema.getDependenciesMap()).forEach((name, child) -> {
            if (child.hasSchema()) {
                check(child.getSchema(), scope.condition(), path + ".dependencies[" + name + "]");
            }
        });
        SchemaListRules.check(errors, schema, path, atomicSets, validKeys);
        RuleForm.check(errors, schema, path + ".x-kubernetes-validations");
        // What is wrong otherwise, here or deeper, would only show again in the expressions' types.
        if (scope.rules()
                && schema.getXKubernetesValidationsCount() > 0
                && errors.found().size() == before) {
            boolean whole = scope.root() || schema.getXKubernetesEmbeddedResource();
            expressions.check(schema, whole, scope.times(), scope.uncorrelated(), path);
        }
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
