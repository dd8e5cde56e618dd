package io.jollyboat.apiserver.schema;

import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;
import io.jollyboat.api.apiextensions.v1.JSONSchemaPropsOrStringArray;
import io.jollyboat.apiserver.schema.SchemaPaths.Found;
import io.jollyboat.errors.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What is wrong with the schemas in definitions of custom resources. */
public final class DefinitionSchemas {
    private DefinitionSchemas() {}

    /**
     * What an update does not refuse, because the definition had it before. Definitions of long ago were looked at less
     * closely.
     *
     * @param structure schemas that are not structural
     * @param types unknown names of types
     * @param defaults defaults with unknown fields
     * @param sets sets whose elements are merged
     * @param keys elements of lists that may be null, or lack their keys
     * @param costs single rules that cost too much
     */
    public record Tolerance(
            boolean structure, boolean types, boolean defaults, boolean sets, boolean keys, boolean costs) {
        public static final Tolerance NONE = new Tolerance(false, false, false, false, false, false);

        /**
         * What the schemas of a definition have.
         *
         * @param preserves whether the new definition still keeps unknown fields everywhere; else it must be structural
         */
        public static Tolerance of(List<JSONSchemaProps> schemas, boolean preserves, MetadataRules metadata) {
            return new Tolerance(
                    preserves
                            && schemas.stream()
                                    .anyMatch(each ->
                                            !structuralProblems(each, "").isEmpty()),
                    any(schemas, SchemaRules::hasUnknownType),
                    schemas.stream().anyMatch(each -> hasUnprunedDefaults(each, metadata)),
                    any(schemas, SchemaListRules::hasMergedSet),
                    any(schemas, SchemaListRules::hasLooseKeys),
                    false);
        }

        /** The same for a version whose schema does not change. */
        public Tolerance withCosts() {
            return new Tolerance(structure, types, defaults, sets, keys, true);
        }

        private static boolean any(List<JSONSchemaProps> schemas, Predicate<JSONSchemaProps> predicate) {
            return schemas.stream().anyMatch(each -> has(each, predicate));
        }
    }

    /** What makes a schema not structural, as the condition of that name tells. */
    public static List<FieldError> structuralProblems(JSONSchemaProps schema, String path) {
        Problems problems = new Problems();
        String unsupported = unsupported(schema);
        if (unsupported != null) {
            problems.invalid(path, "", unsupported);
        } else {
            StructuralRules.check(problems, schema, path);
        }
        return problems.found();
    }

    /** @param path of the schema, such as {@code spec.validation.openAPIV3Schema} */
    public static List<FieldError> check(
            JSONSchemaProps schema, String path, boolean hasStatus, MetadataRules metadata, Tolerance tolerance) {
        Problems problems = new Problems();
        if (hasStatus) {
            RootRules.check(problems, schema, path);
        }
        problems.forbidden(schema.getNullable(), path + ".nullable", "nullable cannot be true at the root");
        String unsupported = unsupported(schema);
        // Defaults and extensions need structure, whatever the definition had before.
        boolean structural = !tolerance.structure() || has(schema, DefinitionSchemas::needsStructure);
        boolean rules = structural && unsupported == null;
        if (rules) {
            int before = problems.found().size();
            StructuralRules.check(problems, schema, path);
            if (problems.found().size() == before) {
                DefaultRules.check(problems, schema, path, metadata, !tolerance.defaults());
            }
            rules = problems.found().size() == before;
        }
        new SchemaRules(problems, tolerance).check(schema, rules, path);
        if (structural && unsupported != null && problems.found().isEmpty()) {
            problems.invalid(path, "", unsupported);
        }
        return problems.found();
    }

    /**
     * What is wrong with the path of a selectable field, empty where nothing is.
     *
     * @param schema null where the version has none
     */
    public static List<String> selectableProblems(JSONSchemaProps schema, String path) {
        Found found = SchemaPaths.find(schema, path, false);
        if (found.problem() != null) {
            return List.of("is an invalid path: " + found.problem());
        }
        List<String> problems = new ArrayList<>();
        if (found.path().equals("metadata") || found.path().startsWith("metadata.")) {
            problems.add("must not point to fields in metadata");
        }
        boolean selectable = found.schema() != null
                && List.of("string", "boolean", "integer")
                        .contains(found.schema().getType());
        if (!selectable) {
            problems.add("must point to a field of type string, boolean or integer. Enum string fields and strings with"
                    + " formats are allowed.");
        }
        return problems;
    }

    /** Whether a default stands anywhere in the schema. */
    public static boolean hasDefaults(JSONSchemaProps schema) {
        return has(schema, JSONSchemaProps::hasDefault);
    }

    private static boolean needsStructure(JSONSchemaProps schema) {
        return schema.hasDefault()
                || schema.getXKubernetesEmbeddedResource()
                || schema.hasXKubernetesPreserveUnknownFields()
                || schema.getXKubernetesIntOrString()
                || schema.getXKubernetesListMapKeysCount() > 0
                || schema.hasXKubernetesListType()
                || schema.getXKubernetesValidationsCount() > 0;
    }

    private static boolean hasUnprunedDefaults(JSONSchemaProps schema, MetadataRules metadata) {
        if (!has(schema, JSONSchemaProps::hasDefault)
                || !structuralProblems(schema, "").isEmpty()) {
            return false;
        }
        Problems problems = new Problems();
        DefaultRules.check(problems, schema, "", metadata, true);
        return problems.found().stream().anyMatch(error -> error.detail().endsWith("must not have unknown fields"));
    }

    /** Whether a place of the schema is as asked for. */
    static boolean has(JSONSchemaProps schema, Predicate<JSONSchemaProps> predicate) {
        return predicate.test(schema) || children(schema).anyMatch(child -> has(child, predicate));
    }

    private static Stream<JSONSchemaProps> children(JSONSchemaProps schema) {
        return Stream.of(
                        schema.getAllOfList().stream(),
                        schema.getAnyOfList().stream(),
                        schema.getOneOfList().stream(),
                        schema.getPropertiesMap().values().stream(),
                        schema.getPatternPropertiesMap().values().stream(),
                        schema.getDefinitionsMap().values().stream(),
                        schema.getDependenciesMap().values().stream()
                                .filter(JSONSchemaPropsOrStringArray::hasSchema)
                                .map(JSONSchemaPropsOrStringArray::getSchema),
                        schema.getItems().getJSONSchemasList().stream(),
                        Stream.of(schema.getItems().getSchema())
                                .filter(_ -> schema.getItems().hasSchema()),
                        Stream.of(schema.getAdditionalProperties().getSchema())
                                .filter(_ -> schema.getAdditionalProperties().hasSchema()),
                        Stream.of(schema.getAdditionalItems().getSchema())
                                .filter(_ -> schema.getAdditionalItems().hasSchema()),
                        Stream.of(schema.getNot()).filter(_ -> schema.hasNot()))
                .flatMap(stream -> stream);
    }

    /** What no structural schema can express, in upstream's words; null where there is none. */
    private static String unsupported(JSONSchemaProps schema) {
        String own = null;
        if (!schema.getId().isEmpty()) {
            own = "id";
        } else if (!schema.getSchema().isEmpty()) {
            own = "schema";
        } else if (!schema.getRef().isEmpty()) {
            own = "$ref";
        } else if (schema.getPatternPropertiesCount() > 0) {
            own = "patternProperties";
        } else if (schema.getDependenciesCount() > 0) {
            own = "dependencies";
        } else if (schema.hasAdditionalItems()) {
            own = "additionalItems";
        } else if (schema.getDefinitionsCount() > 0) {
            own = "definitions";
        }
        if (own != null) {
            return "OpenAPIV3Schema '" + own + "' is not supported";
        }
        if (schema.hasXKubernetesPreserveUnknownFields() && !schema.getXKubernetesPreserveUnknownFields()) {
            return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined";
        }
        if (schema.getItems().getJSONSchemasCount() > 0) {
            return "OpenAPIV3Schema 'items' must be a schema, but is an array";
        }
        return children(schema)
                .map(DefinitionSchemas::unsupported)
                .filter(found -> found != null)
                .findFirst()
                .orElse(null);
    }
}
