package io.jollyboat.apiserver.authz;

import io.jollyboat.api.authorization.v1.NonResourceAttributes;
import io.jollyboat.api.authorization.v1.ResourceAttributes;
import io.jollyboat.api.authorization.v1.SubjectAccessReviewSpec;
import io.jollyboat.api.meta.v1.FieldSelectorRequirement;
import io.jollyboat.api.meta.v1.LabelSelectorRequirement;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.errors.FieldError;
import io.jollyboat.values.Names;
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
            fields(resource.getFieldSelector().getRequirementsList(), "spec.resourceAttributes.fieldSelector");
        }
        if (resource.hasLabelSelector()) {
            selector(
                    "spec.resourceAttributes.labelSelector",
                    resource.getLabelSelector().getRawSelector(),
                    resource.getLabelSelector().getRequirementsCount());
            labels(resource.getLabelSelector().getRequirementsList(), "spec.resourceAttributes.labelSelector");
        }
    }

    private void fields(List<FieldSelectorRequirement> requirements, String path) {
        for (int i = 0; i < requirements.size(); i++) {
            FieldSelectorRequirement requirement = requirements.get(i);
            String at = path + ".requirements[" + i + "]";
            if (requirement.getKey().isEmpty()) {
                errors.add(FieldError.required(at + ".key", "must be specified"));
            }
            values(at, requirement.getOperator(), requirement.getValuesCount());
        }
    }

    private void labels(List<LabelSelectorRequirement> requirements, String path) {
        for (int i = 0; i < requirements.size(); i++) {
            LabelSelectorRequirement requirement = requirements.get(i);
            String at = path + ".requirements[" + i + "]";
            values(at, requirement.getOperator(), requirement.getValuesCount());
            Names.qualifiedName(requirement.getKey())
                    .forEach(wrong -> errors.add(FieldError.invalid(at + ".key", requirement.getKey(), wrong)));
            for (int j = 0; j < requirement.getValuesCount(); j++) {
                String value = requirement.getValues(j);
                String place = at + ".values[" + j + "]";
                Names.labelValue(value).forEach(wrong -> errors.add(FieldError.invalid(place, value, wrong)));
            }
        }
    }

    /** Operators that are not known may be those of a newer client. */
    private void values(String path, String operator, int count) {
        if (count == 0 && (operator.equals("In") || operator.equals("NotIn"))) {
            errors.add(FieldError.required(path + ".values", "must be specified when `operator` is 'In' or 'NotIn'"));
        }
        if (count > 0 && (operator.equals("Exists") || operator.equals("DoesNotExist"))) {
            errors.add(FieldError.forbidden(
                    path + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
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
