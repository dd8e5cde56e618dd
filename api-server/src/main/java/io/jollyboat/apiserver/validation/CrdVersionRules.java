package io.jollyboat.apiserver.validation;

import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionVersion;
import io.jollyboat.api.apiextensions.v1.CustomResourceSubresourceScale;
import io.jollyboat.api.apiextensions.v1.CustomResourceSubresources;
import io.jollyboat.api.apiextensions.v1.SelectableField;
import io.jollyboat.apiserver.schema.DefinitionSchemas;
import io.jollyboat.apiserver.schema.DefinitionSchemas.Tolerance;
import io.jollyboat.values.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The rules of the versions of a custom resource. */
final class CrdVersionRules {
    private static final int MOST_SELECTABLE = 8;
    private static final int WARNING_LIMIT = 256;

    private final Errors errors;
    private final List<CustomResourceDefinitionVersion> versions;
    private final Tolerance tolerance;
    private final List<CustomResourceDefinitionVersion> before;
    private final boolean oneSchema;
    private final boolean oneSubresources;
    private final boolean oneColumns;
    private final boolean oneSelectable;

    /** @param before the versions before an update, none on creation */
    CrdVersionRules(
            Errors errors,
            List<CustomResourceDefinitionVersion> versions,
            List<CustomResourceDefinitionVersion> before,
            Tolerance tolerance) {
        this.tolerance = tolerance;
        this.before = before;
        this.errors = errors;
        this.versions = versions;
        this.oneSchema = alike(CustomResourceDefinitionVersion::getSchema);
        this.oneSubresources = alike(CustomResourceDefinitionVersion::getSubresources);
        this.oneColumns = alike(CustomResourceDefinitionVersion::getAdditionalPrinterColumnsList);
        this.oneSelectable = alike(CustomResourceDefinitionVersion::getSelectableFieldsList);
    }

    private boolean alike(Function<CustomResourceDefinitionVersion, Object> part) {
        return versions.stream().map(part).distinct().count() == 1;
    }

    void check() {
        for (int i = 0; i < versions.size(); i++) {
            if (!versions.get(i).getSchema().hasOpenAPIV3Schema()) {
                errors.required("spec.versions[" + i + "].schema.openAPIV3Schema");
            }
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < versions.size(); i++) {
            CustomResourceDefinitionVersion version = versions.get(i);
            String at = "spec.versions[" + i + "]";
            names.add(version.getName());
            name(version.getName(), at + ".name");
            warning(version, at + ".deprecationWarning");
            if (!oneSchema) {
                schema(version, version.getSubresources().hasStatus(), at + ".schema");
            }
            if (!oneSubresources) {
                subresources(version.getSubresources(), at + ".subresources");
            }
            if (!oneColumns) {
                columns(version, at + ".additionalPrinterColumns");
            }
            if (!oneSelectable) {
                selectable(version, at + ".selectableFields");
            }
        }
        if (names.size() < versions.size()) {
            errors.invalid("spec.versions", shown(), "must contain unique version names");
        }
        if (versions.stream()
                        .filter(CustomResourceDefinitionVersion::getStorage)
                        .count()
                != 1) {
            errors.invalid("spec.versions", shown(), "must have exactly one version marked as storage version");
        }
        if (!versions.isEmpty() && !versions.getFirst().getName().isEmpty()) {
            name(versions.getFirst().getName(), "spec.version");
        }
    }

    /** What all versions have alike. */
    void checkShared() {
        if (versions.isEmpty()) {
            return;
        }
        CustomResourceDefinitionVersion first = versions.getFirst();
        if (oneSchema) {
            schema(
                    first,
                    versions.stream().anyMatch(each -> each.getSubresources().hasStatus()),
                    "spec.validation");
        }
        if (oneSubresources) {
            subresources(first.getSubresources(), "spec.subresources");
        }
        if (oneColumns) {
            columns(first, "spec.additionalPrinterColumns");
        }
        if (oneSelectable && !oneSchema && first.getSelectableFieldsCount() > 0) {
            // Upstream keeps fields that all versions share apart from the schemas, and then misses those.
            errors.invalid("spec.selectableFields", "", "may only be set when validations.schema is included");
        } else if (oneSelectable) {
            selectable(first, "spec.selectableFields");
        }
    }

    private Object shown() {
        return Errors.listOrNull(versions.stream()
                .map(version -> {
                    CustomResourceDefinitionVersion.Builder own = version.toBuilder();
                    if (oneSchema) {
                        own.clearSchema();
                    }
                    if (oneSubresources) {
                        own.clearSubresources();
                    }
                    if (oneColumns) {
                        own.clearAdditionalPrinterColumns();
                    }
                    if (oneSelectable) {
                        own.clearSelectableFields();
                    }
                    return own.build();
                })
                .toList());
    }

    private void name(String name, String path) {
        List<String> problems = Names.dns1035Label(name);
        if (!problems.isEmpty()) {
            errors.invalid(path, name, String.join(",", problems));
        }
    }

    private void warning(CustomResourceDefinitionVersion version, String path) {
        if (!version.hasDeprecationWarning()) {
            return;
        }
        String warning = version.getDeprecationWarning();
        if (!version.getDeprecated()) {
            errors.invalid(path, warning, "can only be set for deprecated versions");
            return;
        }
        if (warning.length() > WARNING_LIMIT) {
            errors.invalid(path, warning, "must be <= " + WARNING_LIMIT + " characters long");
        }
        if (warning.isEmpty()) {
            errors.invalid(path, warning, "must not be an empty string");
        }
        for (int i = 0; i < warning.length(); i++) {
            if (Character.isISOControl(warning.charAt(i))) {
                errors.invalid(
                        path,
                        warning,
                        "must only contain printable UTF-8 characters; non-printable character found at index " + i);
                return;
            }
        }
    }

    private void schema(CustomResourceDefinitionVersion version, boolean hasStatus, String path) {
        if (!version.getSchema().hasOpenAPIV3Schema()) {
            return;
        }
        boolean unchanged = before.stream()
                .anyMatch(old -> old.getName().equals(version.getName())
                        && old.getSchema().equals(version.getSchema()));
        DefinitionSchemas.check(
                        version.getSchema().getOpenAPIV3Schema(),
                        path + ".openAPIV3Schema",
                        hasStatus,
                        new EmbeddedMetadata(),
                        unchanged ? tolerance.withCosts() : tolerance)
                .forEach(errors.found()::add);
    }

    private void subresources(CustomResourceSubresources subresources, String path) {
        if (!subresources.hasScale()) {
            return;
        }
        CustomResourceSubresourceScale scale = subresources.getScale();
        under(scale.getSpecReplicasPath(), path + ".scale.specReplicasPath", ".spec");
        under(scale.getStatusReplicasPath(), path + ".scale.statusReplicasPath", ".status");
        String selector = scale.getLabelSelectorPath();
        String at = path + ".scale.labelSelectorPath";
        if (!selector.isEmpty()
                && CrdRules.simplePath(errors, selector, at)
                && !selector.startsWith(".spec.")
                && !selector.startsWith(".status.")) {
            errors.invalid(at, selector, "should be a json path under either .spec or .status");
        }
    }

    private void under(String text, String path, String root) {
        if (errors.present(path, text) && CrdRules.simplePath(errors, text, path) && !text.startsWith(root + ".")) {
            errors.invalid(path, text, "should be a json path under " + root);
        }
    }

    private void columns(CustomResourceDefinitionVersion version, String path) {
        for (int i = 0; i < version.getAdditionalPrinterColumnsCount(); i++) {
            CrdRules.column(errors, version.getAdditionalPrinterColumns(i), path + "[" + i + "]");
        }
    }

    private void selectable(CustomResourceDefinitionVersion version, String path) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < version.getSelectableFieldsCount(); i++) {
            SelectableField field = version.getSelectableFields(i);
            String at = path + "[" + i + "].jsonPath";
            if (!errors.present(at, field.getJsonPath())) {
                continue;
            }
            List<String> problems =
                    DefinitionSchemas.selectableProblems(version.getSchema().getOpenAPIV3Schema(), field.getJsonPath());
            errors.invalid(at, field.getJsonPath(), problems);
            if (problems.stream().anyMatch(problem -> problem.startsWith("is an invalid path"))) {
                continue;
            }
            if (!seen.add(field.getJsonPath())) {
                errors.duplicate(at, field.getJsonPath());
            }
        }
        if (seen.size() > MOST_SELECTABLE) {
            errors.tooMany(path, seen.size(), MOST_SELECTABLE);
        }
    }
}
