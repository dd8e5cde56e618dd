package io.jollyboat.apiserver.validation;

import io.jollyboat.api.apiextensions.v1.CustomResourceColumnDefinition;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionNames;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionSpec;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionVersion;
import io.jollyboat.apiserver.schema.DefinitionSchemas;
import io.jollyboat.apiserver.schema.DefinitionSchemas.Tolerance;
import io.jollyboat.values.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The rules of custom resource definitions. What all versions have alike, upstream speaks of as if it stood once in the
 * specification, where older API versions had it.
 */
final class CrdRules {
    private static final String APPROVAL = "api-approved.kubernetes.io";
    private static final String APPROVAL_HELP = "see https://github.com/kubernetes/enhancements/pull/1111";
    private static final List<String> COLUMN_TYPES = List.of("boolean", "date", "integer", "number", "string");
    private static final List<String> COLUMN_FORMATS =
            List.of("byte", "date", "date-time", "double", "float", "int32", "int64", "password");

    private CrdRules() {}

    static void create(Errors errors, CustomResourceDefinition definition) {
        String name = definition.getSpec().getNames().getPlural() + "."
                + definition.getSpec().getGroup();
        MetaRules.generic(errors, definition.getMetadata(), false, "metadata", given -> name(given, name));
        spec(errors, definition.getSpec(), List.of(), Tolerance.NONE);
        status(errors, definition);
        approval(errors, definition, null);
        if (definition.getSpec().getPreserveUnknownFields()) {
            preserves(errors);
        }
    }

    private static List<String> name(String given, String wanted) {
        List<String> problems = new ArrayList<>(Names.dns1123Subdomain(given));
        if (!given.equals(wanted)) {
            problems.add("must be spec.names.plural+\".\"+spec.group");
        }
        return problems;
    }

    static void update(Errors errors, CustomResourceDefinition definition, CustomResourceDefinition old) {
        MetaRules.checkUpdate(errors, definition.getMetadata(), old.getMetadata(), "metadata");
        CustomResourceDefinitionSpec spec = definition.getSpec();
        CustomResourceDefinitionSpec before = old.getSpec();
        spec(errors, spec, before.getVersionsList(), tolerance(before, spec.getPreserveUnknownFields()));
        boolean established = old.getStatus().getConditionsList().stream()
                .anyMatch(each ->
                        each.getType().equals("Established") && each.getStatus().equals("True"));
        if (established) {
            errors.unchanged("spec.scope", spec.getScope(), before.getScope());
            errors.unchanged(
                    "spec.names.kind",
                    spec.getNames().getKind(),
                    before.getNames().getKind());
        }
        errors.unchanged("spec.group", spec.getGroup(), before.getGroup());
        errors.unchanged(
                "spec.names.plural",
                spec.getNames().getPlural(),
                before.getNames().getPlural());
        status(errors, definition);
        approval(errors, definition, old);
        if (spec.getPreserveUnknownFields() && !before.getPreserveUnknownFields()) {
            preserves(errors);
        }
    }

    static void statusUpdate(Errors errors, CustomResourceDefinition definition, CustomResourceDefinition old) {
        MetaRules.checkUpdate(errors, definition.getMetadata(), old.getMetadata(), "metadata");
        names(errors, definition.getStatus().getAcceptedNames(), "status.acceptedNames");
    }

    /** What a definition of old that keeps unknown fields cannot have. */
    private static void preserving(Errors errors, CustomResourceDefinitionSpec spec) {
        boolean defaults = spec.getVersionsList().stream()
                .anyMatch(version ->
                        DefinitionSchemas.hasDefaults(version.getSchema().getOpenAPIV3Schema()));
        if (defaults) {
            errors.invalid("spec.preserveUnknownFields", true, "must be false in order to use defaults in the schema");
        }
        String strategy = spec.getConversion().getStrategy();
        if (spec.hasConversion() && !strategy.equals("None")) {
            errors.invalid("spec.conversion.strategy", strategy, "must be None if spec.preserveUnknownFields is true");
        }
    }

    private static Tolerance tolerance(CustomResourceDefinitionSpec before, boolean preserves) {
        return Tolerance.of(
                before.getVersionsList().stream()
                        .filter(version -> version.getSchema().hasOpenAPIV3Schema())
                        .map(version -> version.getSchema().getOpenAPIV3Schema())
                        .toList(),
                preserves,
                new EmbeddedMetadata());
    }

    private static void preserves(Errors errors) {
        errors.invalid(
                "spec.preserveUnknownFields",
                true,
                "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema"
                        + " instead");
    }

    private static void status(Errors errors, CustomResourceDefinition definition) {
        names(errors, definition.getStatus().getAcceptedNames(), "status.acceptedNames");
        List<String> stored = definition.getStatus().getStoredVersionsList();
        if (stored.isEmpty()) {
            errors.invalid("status.storedVersions", Errors.bare("null"), "must have at least one stored version");
            return;
        }
        Set<String> versions = new HashSet<>();
        for (CustomResourceDefinitionVersion version : definition.getSpec().getVersionsList()) {
            versions.add(version.getName());
            if (version.getStorage() && !stored.contains(version.getName())) {
                errors.invalid(
                        "status.storedVersions",
                        Errors.shown(stored),
                        "must have the storage version " + version.getName());
            }
        }
        for (int i = 0; i < stored.size(); i++) {
            String version = stored.get(i);
            if (!versions.contains(version)) {
                errors.invalid(
                        "status.storedVersions[" + i + "]",
                        version,
                        "missing from spec.versions; " + version
                                + " was previously a storage version, and must remain in spec.versions until a storage"
                                + " migration ensures no data remains persisted in " + version + " and removes "
                                + version + " from status.storedVersions");
            }
        }
    }

    private static void spec(
            Errors errors,
            CustomResourceDefinitionSpec spec,
            List<CustomResourceDefinitionVersion> before,
            Tolerance tolerance) {
        String group = spec.getGroup();
        if (errors.present("spec.group", group)) {
            if (!Names.dns1123Subdomain(group).isEmpty()) {
                errors.invalid("spec.group", group, String.join(",", Names.dns1123Subdomain(group)));
            } else if (!group.contains(".")) {
                errors.invalid("spec.group", group, "should be a domain with at least one dot");
            }
        }
        if (errors.present("spec.scope", spec.getScope())) {
            errors.oneOf("spec.scope", spec.getScope(), "Cluster", "Namespaced");
        }
        CrdVersionRules versions = new CrdVersionRules(errors, spec.getVersionsList(), before, tolerance);
        versions.check();
        required(errors, spec.getNames());
        names(errors, spec.getNames(), "spec.names");
        versions.checkShared();
        if (spec.getPreserveUnknownFields()) {
            preserving(errors, spec);
        }
        if (spec.hasConversion()) {
            CrdConversionRules.check(errors, spec.getConversion(), "spec.conversion");
        }
    }

    private static void required(Errors errors, CustomResourceDefinitionNames names) {
        errors.present("spec.names.plural", names.getPlural());
        errors.present("spec.names.singular", names.getSingular());
        errors.present("spec.names.kind", names.getKind());
        errors.present("spec.names.listKind", names.getListKind());
    }

    private static void names(Errors errors, CustomResourceDefinitionNames names, String path) {
        label(errors, names.getPlural(), path + ".plural");
        label(errors, names.getSingular(), path + ".singular");
        kind(errors, names.getKind(), path + ".kind");
        kind(errors, names.getListKind(), path + ".listKind");
        for (int i = 0; i < names.getShortNamesCount(); i++) {
            label(errors, names.getShortNames(i), path + ".shortNames[" + i + "]");
        }
        if (!names.getKind().isEmpty() && names.getKind().equals(names.getListKind())) {
            errors.invalid(path + ".listKind", names.getListKind(), "kind and listKind may not be the same");
        }
        for (int i = 0; i < names.getCategoriesCount(); i++) {
            label(errors, names.getCategories(i), path + ".categories[" + i + "]");
        }
    }

    private static void label(Errors errors, String text, String path) {
        List<String> problems = text.isEmpty() ? List.of() : Names.dns1035Label(text);
        if (!problems.isEmpty()) {
            errors.invalid(path, text, String.join(",", problems));
        }
    }

    private static void kind(Errors errors, String text, String path) {
        List<String> problems = text.isEmpty() ? List.of() : Names.dns1035Label(text.toLowerCase(Locale.ROOT));
        if (!problems.isEmpty()) {
            errors.invalid(
                    path, text, "may have mixed case, but should otherwise match: " + String.join(",", problems));
        }
    }

    static void column(Errors errors, CustomResourceColumnDefinition column, String path) {
        errors.present(path + ".name", column.getName());
        String types = "must be one of " + String.join(",", COLUMN_TYPES);
        if (column.getType().isEmpty()) {
            errors.required(path + ".type", types);
        } else if (!COLUMN_TYPES.contains(column.getType())) {
            errors.invalid(path + ".type", column.getType(), types);
        }
        if (!column.getFormat().isEmpty() && !COLUMN_FORMATS.contains(column.getFormat())) {
            errors.invalid(path + ".format", column.getFormat(), "must be one of " + String.join(",", COLUMN_FORMATS));
        }
        if (errors.present(path + ".JSONPath", column.getJsonPath())) {
            simplePath(errors, column.getJsonPath(), path + ".JSONPath");
        }
    }

    /** True where the text is a path in dots. */
    static boolean simplePath(Errors errors, String text, String path) {
        if (!text.startsWith(".")) {
            errors.invalid(path, text, "must be a simple json path starting with .");
            return false;
        }
        return true;
    }

    /** Kubernetes' own groups are for its own APIs. */
    private static void approval(Errors errors, CustomResourceDefinition definition, CustomResourceDefinition old) {
        String group = definition.getSpec().getGroup();
        boolean open = !group.equals("k8s.io")
                && !group.endsWith(".k8s.io")
                && !group.equals("kubernetes.io")
                && !group.endsWith(".kubernetes.io");
        String now = definition.getMetadata().getAnnotationsOrDefault(APPROVAL, "");
        boolean same =
                old != null && approved(now) == approved(old.getMetadata().getAnnotationsOrDefault(APPROVAL, ""));
        if (open || same || approved(now)) {
            return;
        }
        String path = "metadata.annotations[" + APPROVAL + "]";
        if (now.isEmpty()) {
            errors.required(
                    path, "protected groups must have approval annotation \"" + APPROVAL + "\", " + APPROVAL_HELP);
        } else {
            errors.invalid(
                    path,
                    now,
                    "protected groups must have approval annotation \"" + APPROVAL
                            + "\" with either a URL or a reason starting with \"unapproved\", " + APPROVAL_HELP);
        }
    }

    private static boolean approved(String text) {
        return text.startsWith("unapproved") || text.matches("[a-zA-Z][a-zA-Z0-9+.-]*://[^/]+.*");
    }
}
