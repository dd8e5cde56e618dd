package io.jollyboat.apiserver.validation;

import io.jollyboat.api.admissionregistration.v1.AuditAnnotation;
import io.jollyboat.api.admissionregistration.v1.ParamKind;
import io.jollyboat.api.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.jollyboat.api.admissionregistration.v1.ValidatingAdmissionPolicySpec;
import io.jollyboat.api.admissionregistration.v1.Validation;
import io.jollyboat.api.admissionregistration.v1.Variable;
import io.jollyboat.apiserver.policy.PolicyEnvironment;
import io.jollyboat.cel.CelCompilation;
import io.jollyboat.cel.PropertyNames;
import io.jollyboat.values.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules of validating admission policies; their expressions must compile. */
final class AdmissionPolicyRules {
    private static final int MOST_ANNOTATIONS = 20;
    private static final int EXPRESSION_LIMIT = 5 * 1024;
    private static final Pattern IDENTIFIER = Pattern.compile("[_a-zA-Z][_a-zA-Z0-9]*");
    private static final String NOTHING = "validations or auditAnnotations must contain at least one item";

    private AdmissionPolicyRules() {}

    static void check(Errors errors, ValidatingAdmissionPolicy policy) {
        MetaRules.check(errors, policy.getMetadata(), false, "metadata", Names::dns1123Subdomain);
        ValidatingAdmissionPolicySpec spec = policy.getSpec();
        failurePolicy(errors, spec.hasFailurePolicy(), spec.getFailurePolicy());
        if (spec.hasParamKind()) {
            paramKind(errors, spec.getParamKind());
        }
        if (spec.hasMatchConstraints()) {
            MatchRules.resources(errors, spec.getMatchConstraints(), "spec.matchConstraints");
            if (spec.getMatchConstraints().getResourceRulesCount() == 0) {
                errors.required("spec.matchConstraints.resourceRules");
            }
        } else {
            errors.required("spec.matchConstraints");
        }
        WebhookRules.conditions(errors, spec.getMatchConditionsList(), "spec.matchConditions", spec.hasParamKind());
        PolicyEnvironment environment = new PolicyEnvironment(spec.hasParamKind());
        variables(errors, spec.getVariablesList(), environment);
        if (spec.getValidationsCount() == 0 && spec.getAuditAnnotationsCount() == 0) {
            errors.required("spec.validations", NOTHING);
            errors.required("spec.auditAnnotations", NOTHING);
            return;
        }
        for (int i = 0; i < spec.getValidationsCount(); i++) {
            validation(errors, spec.getValidations(i), environment, "spec.validations[" + i + "]");
        }
        annotations(errors, policy.getMetadata().getName(), environment, spec.getAuditAnnotationsList());
    }

    static void failurePolicy(Errors errors, boolean present, String policy) {
        if (present) {
            errors.oneOf("spec.failurePolicy", policy, "Fail", "Ignore");
        } else {
            errors.required("spec.failurePolicy");
        }
    }

    static void paramKind(Errors errors, ParamKind kind) {
        String path = "spec.paramKind.apiVersion";
        String version = kind.getApiVersion();
        if (errors.present(path, version)) {
            String[] parts = version.split("/", -1);
            if (parts.length > 2) {
                errors.invalid(path, version, "unexpected GroupVersion string: " + version);
            } else {
                String group = parts.length == 2 ? parts[0] : "";
                joined(errors, path, group, group.isEmpty() ? List.of() : Names.dns1123Subdomain(group));
                String last = parts[parts.length - 1];
                if (last.isEmpty()) {
                    errors.invalid(path, version, "version must be specified");
                } else {
                    joined(errors, path, last, Names.dns1035Label(last));
                }
            }
        }
        if (errors.present("spec.paramKind.kind", kind.getKind())) {
            Texts.mixedCaseLabel(errors, kind.getKind(), "spec.paramKind.kind");
        }
    }

    private static void joined(Errors errors, String path, String value, List<String> problems) {
        if (!problems.isEmpty()) {
            errors.invalid(path, value, String.join(",", problems));
        }
    }

    static void variables(Errors errors, List<Variable> variables, PolicyEnvironment environment) {
        for (int i = 0; i < variables.size(); i++) {
            String at = "spec.variables[" + i + "]";
            String name = variables.get(i).getName();
            if (name.isBlank()) {
                errors.required(at + ".name", "name is not specified");
            } else if (!IDENTIFIER.matcher(name).matches() || PropertyNames.isReserved(name)) {
                errors.invalid(at + ".name", name, "must be a valid CEL identifier");
            }
            String expression = variables.get(i).getExpression();
            if (expression.isBlank()) {
                errors.required(at + ".expression", "expression is not specified");
            } else if (IDENTIFIER.matcher(name).matches()) {
                compiled(errors, at + ".expression", expression, environment.variable(name, expression));
            }
        }
    }

    /** Reports an expression that does not compile. */
    static void compiled(Errors errors, String path, String expression, CelCompilation compilation) {
        if (compilation instanceof CelCompilation.Failure failure) {
            errors.invalid(path, expression, failure.message());
        }
    }

    private static void validation(Errors errors, Validation validation, PolicyEnvironment environment, String path) {
        if (validation.getExpression().isBlank()) {
            errors.required(path + ".expression", "expression is not specified");
        } else {
            String rule = validation.getExpression();
            compiled(errors, path + ".expression", rule, environment.compile(rule, true, PolicyEnvironment.BOOL));
        }
        String expression = validation.getMessageExpression();
        if (!expression.isEmpty() && expression.isBlank()) {
            errors.invalid(path + ".messageExpression", expression, "must be non-empty if specified");
        } else if (!expression.isEmpty()) {
            compiled(
                    errors,
                    path + ".messageExpression",
                    expression,
                    environment.compile(expression, false, PolicyEnvironment.STRING));
        }
        String message = validation.getMessage();
        if (!message.isEmpty() && message.isBlank()) {
            errors.invalid(path + ".message", message, "must be non-empty if specified");
        } else if (message.strip().contains("\n") || message.strip().contains("\r")) {
            errors.invalid(path + ".message", message, "must not contain line breaks");
        }
        if (validation.hasReason()) {
            errors.oneOf(path + ".reason", validation.getReason(), "Forbidden", "Invalid", "RequestEntityTooLarge");
        }
    }

    private static void annotations(
            Errors errors, String policy, PolicyEnvironment environment, List<AuditAnnotation> annotations) {
        if (annotations.size() > MOST_ANNOTATIONS) {
            errors.invalid(
                    "spec.auditAnnotations",
                    Errors.shown(annotations),
                    "must not have more than " + MOST_ANNOTATIONS + " auditAnnotations");
        }
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < annotations.size(); i++) {
            String at = "spec.auditAnnotations[" + i + "]";
            String key = annotations.get(i).getKey();
            if (policy.isEmpty()) {
                errors.invalid(at + ".key", key, "requires metadata.name be non-empty");
            } else {
                errors.invalid(at + ".key", policy + "/" + key, Names.qualifiedName(policy + "/" + key));
            }
            String expression = annotations.get(i).getValueExpression().strip();
            if (expression.isEmpty()) {
                errors.required(at + ".valueExpression", "valueExpression is not specified");
            } else if (expression.length() > EXPRESSION_LIMIT) {
                errors.required(at + ".valueExpression", "must not exceed " + EXPRESSION_LIMIT + " bytes in length");
            } else {
                String written = annotations.get(i).getValueExpression();
                compiled(
                        errors,
                        at + ".valueExpression",
                        written,
                        environment.compile(written, true, PolicyEnvironment.STRING_OR_NULL));
            }
            if (!keys.add(key)) {
                errors.duplicate(at + ".key", key);
            }
        }
    }
}
