package io.jollyboat.apiserver.schema;

import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;
import io.jollyboat.api.apiextensions.v1.ValidationRule;
import java.util.List;

/** The form of {@code x-kubernetes-validations}, whatever their expressions say. */
final class RuleForm {
    private static final List<String> REASONS =
            List.of("FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired");

    private RuleForm() {}

    static void check(Problems errors, JSONSchemaProps schema, String path) {
        for (int i = 0; i < schema.getXKubernetesValidationsCount(); i++) {
            rule(errors, schema, schema.getXKubernetesValidations(i), path + "[" + i + "]");
        }
    }

    private static void rule(Problems errors, JSONSchemaProps schema, ValidationRule rule, String path) {
        String message = rule.getMessage();
        if (rule.getRule().isBlank()) {
            errors.required(path + ".rule", "rule is not specified");
        } else if (!message.isEmpty() && message.isBlank()) {
            errors.invalid(path + ".message", message, "must be non-empty if specified");
        } else if (hasLines(message.strip())) {
            errors.invalid(path + ".message", message, "must not contain line breaks");
        } else if (hasLines(rule.getRule().strip()) && message.isBlank()) {
            errors.required(path + ".message", "message must be specified if rule contains line breaks");
        }
        if (!rule.getMessageExpression().isEmpty()
                && rule.getMessageExpression().isBlank()) {
            errors.required(path + ".messageExpression", "messageExpression must be non-empty if specified");
        }
        if (rule.hasReason()) {
            errors.oneOf(path + ".reason", rule.getReason(), REASONS);
        }
        String field = rule.getFieldPath();
        if (field.isEmpty()) {
            return;
        }
        if (field.isBlank()) {
            errors.invalid(path + ".fieldPath", field, "must be non-empty if specified");
        }
        if (hasLines(field)) {
            errors.invalid(path + ".fieldPath", field, "must not contain line breaks");
        }
        if (SchemaPaths.find(schema, field, true).problem() != null) {
            errors.invalid(path + ".fieldPath", field, "must be a valid path");
        }
    }

    private static boolean hasLines(String text) {
        return text.contains("\n") || text.contains("\r");
    }
}
