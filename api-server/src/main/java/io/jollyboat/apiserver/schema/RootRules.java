package io.jollyboat.apiserver.schema;

import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;

/** With a status subresource, the status has a schema of its own, so conditions at the root would be lost. */
final class RootRules {
    private static final String DETAIL = "only [Description Type Format Title Maximum ExclusiveMaximum Minimum"
            + " ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items"
            + " Properties ExternalDocs Example XPreserveUnknownFields XValidations] fields are allowed at the root of"
            + " the schema if the status subresource is enabled";

    private RootRules() {}

    static void check(Problems problems, JSONSchemaProps schema, String path) {
        // Upstream goes through the fields in the order of their declaration, and stops at the first.
        boolean beforeType = !schema.getId().isEmpty() || !schema.getSchema().isEmpty() || schema.hasRef();
        if (beforeType) {
            notAllowed(problems, schema, path);
        } else if (!schema.getType().isEmpty() && !schema.getType().equals("object")) {
            problems.invalid(
                    path + ".type",
                    schema.getType(),
                    "only \"object\" is allowed as the type at the root of the schema if the status subresource is"
                            + " enabled");
        } else if (hasMore(schema)) {
            notAllowed(problems, schema, path);
        }
    }

    private static boolean hasMore(JSONSchemaProps schema) {
        return schema.getNullable()
                || schema.hasDefault()
                || schema.getEnumCount() > 0
                || schema.hasMaxProperties()
                || schema.hasMinProperties()
                || schema.getAllOfCount() > 0
                || schema.getOneOfCount() > 0
                || schema.getAnyOfCount() > 0
                || schema.hasNot()
                || schema.hasAdditionalProperties()
                || schema.getPatternPropertiesCount() > 0
                || schema.getDependenciesCount() > 0
                || schema.hasAdditionalItems()
                || schema.getDefinitionsCount() > 0
                || schema.getXKubernetesEmbeddedResource()
                || schema.getXKubernetesIntOrString()
                || schema.getXKubernetesListMapKeysCount() > 0
                || schema.hasXKubernetesListType()
                || schema.hasXKubernetesMapType();
    }

    private static void notAllowed(Problems problems, JSONSchemaProps schema, String path) {
        problems.invalid(path, InternalForm.of(schema), DETAIL);
    }
}
