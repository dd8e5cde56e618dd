package io.jollyboat.apiserver.validation;

import io.jollyboat.api.admissionregistration.v1.MutatingAdmissionPolicy;
import io.jollyboat.api.admissionregistration.v1.MutatingAdmissionPolicySpec;
import io.jollyboat.api.admissionregistration.v1.Mutation;
import io.jollyboat.apiserver.policy.PolicyEnvironment;
import io.jollyboat.cel.CelCompilation;
import io.jollyboat.values.Names;
import java.util.List;
import java.util.function.Function;

/** The rules of mutating admission policies. */
final class MutatingPolicyRules {
    private MutatingPolicyRules() {}

    static void check(Errors errors, MutatingAdmissionPolicy policy) {
        MetaRules.check(errors, policy.getMetadata(), false, "metadata", Names::dns1123Subdomain);
        MutatingAdmissionPolicySpec spec = policy.getSpec();
        AdmissionPolicyRules.failurePolicy(errors, spec.hasFailurePolicy(), spec.getFailurePolicy());
        if (spec.hasParamKind()) {
            AdmissionPolicyRules.paramKind(errors, spec.getParamKind());
        }
        if (spec.hasMatchConstraints()) {
            MatchRules.resources(errors, spec.getMatchConstraints(), "spec.matchConstraints");
            if (spec.getMatchConstraints().getResourceRulesCount() == 0) {
                errors.required("spec.matchConstraints.resourceRules");
            }
            MatchRules.mutable(errors, spec.getMatchConstraints().getResourceRulesList(), "spec.matchConstraints");
        } else {
            errors.required("spec.matchConstraints");
        }
        WebhookRules.conditions(errors, spec.getMatchConditionsList(), "spec.matchConditions", spec.hasParamKind());
        PolicyEnvironment environment = new PolicyEnvironment(spec.hasParamKind());
        AdmissionPolicyRules.variables(errors, spec.getVariablesList(), environment);
        if (spec.getMutationsCount() == 0) {
            errors.required("spec.mutations", "mutations must contain at least one item");
        }
        for (int i = 0; i < spec.getMutationsCount(); i++) {
            mutation(errors, spec.getMutations(i), environment, "spec.mutations[" + i + "]");
        }
        if (errors.present("spec.reinvocationPolicy", spec.getReinvocationPolicy())) {
            errors.oneOf("spec.reinvocationPolicy", spec.getReinvocationPolicy(), "IfNeeded", "Never");
        }
    }

    private static void mutation(Errors errors, Mutation mutation, PolicyEnvironment environment, String path) {
        switch (mutation.getPatchType()) {
            case "" -> errors.required(path + ".patchType");
            case "JSONPatch" -> {
                expression(
                        errors,
                        mutation.hasJsonPatch(),
                        mutation.getJsonPatch().getExpression(),
                        path + ".jsonPatch",
                        "JSONPatch",
                        environment::compilePatch);
                if (mutation.hasApplyConfiguration()) {
                    errors.invalid(
                            path + ".applyConfiguration",
                            "{applyConfiguration}",
                            "must not be specified when patchType is JSONPatch");
                }
            }
            case "ApplyConfiguration" -> {
                expression(
                        errors,
                        mutation.hasApplyConfiguration(),
                        mutation.getApplyConfiguration().getExpression(),
                        path + ".applyConfiguration",
                        "ApplyConfiguration",
                        environment::compileConfiguration);
                if (mutation.hasJsonPatch()) {
                    errors.invalid(
                            path + ".jsonPatch",
                            "{jsonPatch}",
                            "must not be specified when patchType is ApplyConfiguration");
                }
            }
            default ->
                errors.notSupported(
                        path + ".patchType", mutation.getPatchType(), List.of("ApplyConfiguration", "JSONPatch"));
        }
    }

    private static void expression(
            Errors errors,
            boolean present,
            String expression,
            String path,
            String type,
            Function<String, CelCompilation> compile) {
        if (!present) {
            errors.required(path, "must be specified when patchType is " + type);
        } else if (expression.isBlank()) {
            errors.required(path + ".expression");
        } else {
            AdmissionPolicyRules.compiled(errors, path + ".expression", expression, compile.apply(expression));
        }
    }
}
