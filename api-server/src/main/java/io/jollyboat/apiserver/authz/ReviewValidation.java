package io.jollyboat.apiserver.authz;

import io.jollyboat.api.authorization.v1.NonResourceAttributes;
import io.jollyboat.api.authorization.v1.ResourceAttributes;
import io.jollyboat.api.authorization.v1.SubjectAccessReviewSpec;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.errors.FieldError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a review must hold, with upstream's texts. */
final class ReviewValidation {
    private final List<FieldError> errors = new ArrayList<>();

    List<FieldError> errors() {
        return errors;
    }

    void add(FieldError error) {
        errors.add(error);
    }

    void spec(SubjectAccessReviewSpec spec) {
        exactlyOne(spec.hasResourceAttributes(), spec.hasNonResourceAttributes(), spec.getNonResourceAttributes());
        if (spec.getUser().isEmpty() && spec.getGroupsCount() == 0) {
            errors.add(FieldError.invalid("spec.user", "", "at least one of user or group must be specified"));
        }
        selectors(spec.getResourceAttributes());
    }

    void attributes(boolean hasResource, ResourceAttributes resource, boolean hasPath, NonResourceAttributes path) {
        exactlyOne(hasResource, hasPath, path);
        selectors(resource);
    }

    private void exactlyOne(boolean hasResource, boolean hasPath, NonResourceAttributes path) {
        if (hasResource && hasPath) {
            errors.add(FieldError.invalid(
                    "spec.nonResourceAttributes",
                    text(path),
                    "cannot be specified in combination with resourceAttributes"));
        }
        if (!hasResource && !hasPath) {
            errors.add(FieldError.invalid(
                    "spec.resourceAttributes",
                    new Bare("null"),
                    "exactly one of nonResourceAttributes or resourceAttributes must be specified"));
        }
    }

    /** As upstream prints its internal form. */
    static Object text(NonResourceAttributes path) {
        return new Bare(
                "{\"Path\":" + GoText.quoted(path.getPath()) + ",\"Verb\":" + GoText.quoted(path.getVerb()) + "}");
    }

    /** Printed as it is, where a string would be quoted. */
    private record Bare(String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    void emptyMetadata(ObjectMeta meta, String detail) {
        ObjectMeta rest = meta.toBuilder().clearManagedFields().build();
        if (!rest.equals(ObjectMeta.getDefaultInstance())) {
            errors.add(FieldError.invalid(
                    "metadata",
                    new Bare(new String(JsonCodec.encode(rest, null, null), StandardCharsets.UTF_8)),
                    detail));
        }
    }

    private void selectors(ResourceAttributes resource) {
        if (resource.hasFieldSelector()) {
            selector(
                    "spec.resourceAttributes.fieldSelector",
                    resource.getFieldSelector().getRawSelector(),
                    resource.getFieldSelector().getRequirementsCount());
        }
        if (resource.hasLabelSelector()) {
            selector(
                    "spec.resourceAttributes.labelSelector",
                    resource.getLabelSelector().getRawSelector(),
                    resource.getLabelSelector().getRequirementsCount());
        }
    }

    private void selector(String path, String raw, int requirements) {
        if (!raw.isEmpty() && requirements > 0) {
            errors.add(FieldError.invalid(
                    path + ".rawSelector", raw, "may not specified at the same time as requirements"));
        }
        if (raw.isEmpty() && requirements == 0) {
            errors.add(FieldError.required(
                    path + ".requirements", "when " + path + " is specified, requirements or rawSelector is required"));
        }
    }
}
