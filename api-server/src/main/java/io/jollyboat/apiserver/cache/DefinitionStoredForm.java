package io.jollyboat.apiserver.cache;

import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * CustomResourceDefinitions between {@code v1}, which is served, and {@code v1beta1}, which upstream still stores since it
 * is shorter: what all versions have in common stands once, beside them.
 */
final class DefinitionStoredForm {
    private static final String SERVED = "apiextensions.k8s.io/v1";
    private static final String STORED = "apiextensions.k8s.io/v1beta1";

    /** Of the spec, in upstream's order. */
    private static final List<String> STORED_ORDER = List.of(
            "group",
            "version",
            "names",
            "scope",
            "validation",
            "subresources",
            "versions",
            "additionalPrinterColumns",
            "selectableFields",
            "conversion",
            "preserveUnknownFields");

    /** Where a version's field stands when all versions agree: under its own name but for the schema. */
    private static final List<String> SHARED =
            List.of("schema", "subresources", "additionalPrinterColumns", "selectableFields");

    private static final Set<String> V1BETA1_ONLY = Set.of("version", "validation", "subresources");

    private DefinitionStoredForm() {}

    /** @param definition in v1; changed */
    static void toStored(ObjectNode definition) {
        definition.put("apiVersion", STORED);
        if (!(definition.get("spec") instanceof ObjectNode spec)) {
            return;
        }
        if (spec.get("versions") instanceof ArrayNode versions && !versions.isEmpty()) {
            spec.set("version", versions.get(0).path("name"));
            for (String field : SHARED) {
                hoist(spec, versions, field);
            }
        }
        renameColumns(spec, "jsonPath", "JSONPath");
        if (spec.get("conversion") instanceof ObjectNode conversion
                && conversion.remove("webhook") instanceof ObjectNode webhook) {
            move(webhook, "clientConfig", conversion, "webhookClientConfig");
            move(webhook, "conversionReviewVersions", conversion, "conversionReviewVersions");
        }
        if (!spec.has("preserveUnknownFields")) {
            spec.put("preserveUnknownFields", false);
        }
        for (String field : STORED_ORDER) {
            JsonNode value = spec.remove(field);
            if (value != null) {
                spec.set(field, value);
            }
        }
    }

    private static void hoist(ObjectNode spec, ArrayNode versions, String field) {
        JsonNode first = versions.get(0).path(field);
        for (JsonNode version : versions) {
            if (!version.path(field).equals(first)) {
                return;
            }
        }
        versions.forEach(version -> ((ObjectNode) version).remove(field));
        if (!first.isMissingNode()) {
            spec.set(shared(field), first);
        }
    }

    /** @param definition in either version; changed */
    static void toServed(ObjectNode definition) {
        if (!definition.path("apiVersion").asString("").equals(STORED)) {
            return;
        }
        definition.put("apiVersion", SERVED);
        if (!(definition.get("spec") instanceof ObjectNode spec)) {
            return;
        }
        if (!(spec.get("versions") instanceof ArrayNode) && spec.has("version")) {
            ObjectNode only = spec.putArray("versions").addObject();
            only.set("name", spec.get("version"));
            only.put("served", true).put("storage", true);
        }
        renameColumns(spec, "JSONPath", "jsonPath");
        for (String field : SHARED) {
            JsonNode value = spec.remove(shared(field));
            if (value != null) {
                spec.path("versions").forEach(version -> ((ObjectNode) version).set(field, value));
            }
        }
        V1BETA1_ONLY.forEach(spec::remove);
        if (spec.get("conversion") instanceof ObjectNode conversion
                && (conversion.has("webhookClientConfig") || conversion.has("conversionReviewVersions"))) {
            ObjectNode webhook = conversion.putObject("webhook");
            move(conversion, "webhookClientConfig", webhook, "clientConfig");
            move(conversion, "conversionReviewVersions", webhook, "conversionReviewVersions");
        }
    }

    private static String shared(String field) {
        return field.equals("schema") ? "validation" : field;
    }

    private static void renameColumns(ObjectNode spec, String from, String to) {
        rename(spec, from, to);
        spec.path("versions").forEach(version -> rename(version, from, to));
    }

    private static void rename(JsonNode holder, String from, String to) {
        holder.path("additionalPrinterColumns")
                .forEach(column -> move((ObjectNode) column, from, (ObjectNode) column, to));
    }

    private static void move(ObjectNode from, String field, ObjectNode to, String name) {
        JsonNode value = from.remove(field);
        if (value != null) {
            to.set(name, value);
        }
    }
}
