package io.jollyboat.apiserver.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;
import io.jollyboat.errors.FieldError;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** What makes a schema structural: each field says its type, and conditions say nothing but conditions. */
final class StructuralRules {
    private enum Level {
        ROOT("must not be empty at the root"),
        ITEM("must not be empty for specified array items"),
        FIELD("must not be empty for specified object fields");

        private final String untyped;

        Level(String untyped) {
            this.untyped = untyped;
        }
    }

    private StructuralRules() {}

    static void check(Problems errors, JSONSchemaProps schema, String path) {
        Problems unsorted = new Problems();
        invariants(unsorted, schema, Level.ROOT, path);
        CompletenessRules.check(unsorted, schema, path);
        unsorted.found().stream()
                .sorted(Comparator.comparing(FieldError::toString))
                .forEach(errors.found()::add);
    }

    private static void invariants(Problems errors, JSONSchemaProps schema, Level level, String path) {
        boolean itemized = schema.hasItems() && schema.getItems().hasSchema();
        if (schema.getType().equals("array") && !itemized) {
            errors.required(path + ".items", "must be specified");
        }
        if (itemized) {
            invariants(errors, schema.getItems().getSchema(), Level.ITEM, path + ".items");
        }
        new TreeMap<>(schema.getPropertiesMap())
                .forEach((name, child) -> invariants(errors, child, Level.FIELD, path + ".properties[" + name + "]"));
        if (schema.hasAdditionalProperties()) {
            if (level == Level.ROOT) {
                errors.forbidden(path + ".additionalProperties", "must not be used at the root");
            }
            if (schema.getAdditionalProperties().hasSchema()) {
                invariants(
                        errors,
                        schema.getAdditionalProperties().getSchema(),
                        Level.FIELD,
                        path + ".additionalProperties");
            }
        }
        extensions(errors, schema, path);
        values(errors, schema, path);
        boolean empty = schema.getPropertiesCount() == 0 && !schema.getXKubernetesPreserveUnknownFields();
        if (schema.getXKubernetesEmbeddedResource() && empty) {
            errors.required(
                    path + ".properties",
                    "must not be empty if x-kubernetes-embedded-resource is true without"
                            + " x-kubernetes-preserve-unknown-fields");
        }
        type(errors, schema, level, path);
        metadata(errors, schema, level, path);
    }

    private static void extensions(Problems errors, JSONSchemaProps schema, String path) {
        if (!schema.getXKubernetesIntOrString()) {
            return;
        }
        String detail = "must be false if x-kubernetes-int-or-string is true";
        if (schema.getXKubernetesPreserveUnknownFields()) {
            errors.invalid(path + ".x-kubernetes-preserve-unknown-fields", true, detail);
        }
        if (schema.getXKubernetesEmbeddedResource()) {
            errors.invalid(path + ".x-kubernetes-embedded-resource", true, detail);
        }
    }

    private static void type(Problems errors, JSONSchemaProps schema, Level level, String path) {
        String type = schema.getType();
        if (schema.getXKubernetesEmbeddedResource() && !type.equals("object")) {
            String detail = "must be object if x-kubernetes-embedded-resource is true";
            if (type.isEmpty()) {
                errors.required(path + ".type", detail);
            } else {
                errors.invalid(path + ".type", type, detail);
            }
        } else if (type.isEmpty()
                && !schema.getXKubernetesIntOrString()
                && !schema.getXKubernetesPreserveUnknownFields()) {
            errors.required(path + ".type", level.untyped);
        }
        if (schema.getXKubernetesEmbeddedResource() && schema.hasAdditionalProperties()) {
            errors.forbidden(
                    path + ".additionalProperties", "must not be used if x-kubernetes-embedded-resource is set");
        }
        if (level == Level.ROOT && !type.isEmpty() && !type.equals("object")) {
            errors.invalid(path + ".type", type, "must be object at the root");
        }
    }

    private static void metadata(Problems errors, JSONSchemaProps schema, Level level, String path) {
        boolean whole = level == Level.ROOT || schema.getXKubernetesEmbeddedResource();
        for (String name : whole ? List.of("kind", "apiVersion") : List.<String>of()) {
            JSONSchemaProps child = schema.getPropertiesMap().get(name);
            if (child != null && !child.getType().equals("string")) {
                errors.invalid(path + ".properties[" + name + "].type", child.getType(), "must be string");
            }
        }
        JSONSchemaProps metadata = schema.getPropertiesMap().get("metadata");
        if (metadata == null) {
            return;
        }
        String at = path + ".properties[metadata]";
        if (whole && !metadata.getType().equals("object")) {
            errors.invalid(at + ".type", metadata.getType(), "must be object");
        }
        JSONSchemaProps.Builder rest = metadata.toBuilder().clearType().clearDefault();
        if (Set.of("name", "generateName")
                .containsAll(metadata.getPropertiesMap().keySet())) {
            rest.clearProperties();
        }
        if (level == Level.ROOT && !rest.build().equals(JSONSchemaProps.getDefaultInstance())) {
            errors.forbidden(
                    at,
                    "must not specify anything other than name and generateName, but metadata is implicitly specified");
        }
    }

    private static boolean isIntOrString(List<JSONSchemaProps> alternatives) {
        return alternatives.size() == 2
                && alternatives.get(0).equals(ofType("integer"))
                && alternatives.get(1).equals(ofType("string"));
    }

    private static JSONSchemaProps ofType(String type) {
        return JSONSchemaProps.newBuilder().setType(type).build();
    }

    /** The conditions at one place. */
    private static void values(Problems errors, JSONSchemaProps schema, String path) {
        if (!isIntOrString(schema.getAnyOfList())) {
            nested(errors, schema.getAnyOfList(), path + ".anyOf");
        }
        for (int i = 0; i < schema.getAllOfCount(); i++) {
            JSONSchemaProps each = schema.getAllOf(i);
            boolean pattern = i == 0 && isIntOrString(each.getAnyOfList());
            nested(errors, pattern ? each.toBuilder().clearAnyOf().build() : each, path + ".allOf[" + i + "]");
        }
        nested(errors, schema.getOneOfList(), path + ".oneOf");
        if (schema.hasNot()) {
            nested(errors, schema.getNot(), path + ".not");
        }
        if (!schema.getPattern().isEmpty()) {
            String problem = patternProblem(schema.getPattern());
            if (!problem.isEmpty()) {
                errors.invalid(
                        path + ".pattern",
                        schema.getPattern(),
                        "must be a valid regular expression, but isn't: " + problem);
            }
        }
    }

    private static String patternProblem(String pattern) {
        try {
            Pattern.compile(pattern);
            return "";
        } catch (PatternSyntaxException e) {
            // Where the library's words are not Go's.
            return switch (e.getDescription()) {
                case "trailing backslash at end of expression" -> e.getMessage() + ": ``";
                case "regexp/syntax: internal error" -> "error parsing regexp: unexpected ): `" + pattern + "`";
                default -> e.getMessage();
            };
        }
    }

    private static void nested(Problems errors, List<JSONSchemaProps> schemas, String path) {
        for (int i = 0; i < schemas.size(); i++) {
            nested(errors, schemas.get(i), path + "[" + i + "]");
        }
    }

    private static void nested(Problems errors, JSONSchemaProps schema, String path) {
        values(errors, schema, path);
        if (schema.getItems().hasSchema()) {
            nested(errors, schema.getItems().getSchema(), path + ".items");
        }
        new TreeMap<>(schema.getPropertiesMap())
                .forEach((name, child) -> nested(errors, child, path + ".properties[" + name + "]"));
        String empty = "must be empty to be structural";
        String undefined = "must be undefined to be structural";
        String no = "must be false to be structural";
        boolean others = schema.getAdditionalProperties().hasSchema()
                || schema.getAdditionalProperties().getAllows();
        forbid(errors, others, path + ".additionalProperties", undefined);
        forbid(errors, schema.hasDefault(), path + ".default", undefined);
        forbid(errors, !schema.getTitle().isEmpty(), path + ".title", empty);
        forbid(errors, !schema.getDescription().isEmpty(), path + ".description", empty);
        forbid(errors, !schema.getType().isEmpty(), path + ".type", empty);
        forbid(errors, schema.getNullable(), path + ".nullable", no);
        String extension = path + ".x-kubernetes-";
        forbid(errors, schema.getXKubernetesPreserveUnknownFields(), extension + "preserve-unknown-fields", no);
        forbid(errors, schema.getXKubernetesEmbeddedResource(), extension + "embedded-resource", no);
        forbid(errors, schema.getXKubernetesIntOrString(), extension + "int-or-string", no);
        forbid(errors, schema.getXKubernetesListMapKeysCount() > 0, extension + "list-map-keys", empty);
        forbid(errors, schema.hasXKubernetesListType(), extension + "list-type", undefined);
        forbid(errors, schema.hasXKubernetesMapType(), extension + "map-type", undefined);
        forbid(errors, schema.getXKubernetesValidationsCount() > 0, extension + "validations", empty);
        forbid(
                errors,
                schema.containsProperties("metadata"),
                path + ".properties[metadata]",
                "must not be specified in a nested context");
    }

    private static void forbid(Problems errors, boolean found, String path, String detail) {
        if (found) {
            errors.forbidden(path, detail);
        }
    }
}
