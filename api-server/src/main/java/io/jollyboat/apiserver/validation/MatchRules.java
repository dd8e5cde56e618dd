package io.jollyboat.apiserver.validation;

import io.jollyboat.api.admissionregistration.v1.MatchResources;
import io.jollyboat.api.admissionregistration.v1.MutatingAdmissionPolicyBinding;
import io.jollyboat.api.admissionregistration.v1.NamedRuleWithOperations;
import io.jollyboat.api.admissionregistration.v1.ParamRef;
import io.jollyboat.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.jollyboat.values.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of the bindings of admission policies. */
final class MatchRules {
    private MatchRules() {}

    static void validating(Errors errors, ValidatingAdmissionPolicyBinding binding) {
        MetaRules.check(errors, binding.getMetadata(), false, "metadata", Names::dns1123Subdomain);
        policyName(errors, binding.getSpec().getPolicyName());
        if (binding.getSpec().hasParamRef()) {
            parameters(errors, binding.getSpec().getParamRef());
        }
        if (binding.getSpec().hasMatchResources()) {
            resources(errors, binding.getSpec().getMatchResources(), "spec.matchResources");
        }
        actions(errors, binding.getSpec().getValidationActionsList());
    }

    static void mutating(Errors errors, MutatingAdmissionPolicyBinding binding) {
        MetaRules.check(errors, binding.getMetadata(), false, "metadata", Names::dns1123Subdomain);
        policyName(errors, binding.getSpec().getPolicyName());
        if (binding.getSpec().hasParamRef()) {
            parameters(errors, binding.getSpec().getParamRef());
        }
        if (binding.getSpec().hasMatchResources()) {
            MatchResources resources = binding.getSpec().getMatchResources();
            resources(errors, resources, "spec.matchResources");
            mutable(errors, resources.getResourceRulesList(), "spec.matchResources");
        }
    }

    private static void policyName(Errors errors, String name) {
        if (errors.present("spec.policyName", name)) {
            errors.invalid("spec.policyName", name, Names.dns1123Subdomain(name));
        }
    }

    /** What is deleted cannot be changed. */
    static void mutable(Errors errors, List<NamedRuleWithOperations> rules, String path) {
        for (NamedRuleWithOperations rule : rules) {
            for (String operation : rule.getRuleWithOperations().getOperationsList()) {
                errors.oneOf(path + ".resourceRules.operations", operation, "*", "CONNECT", "CREATE", "UPDATE");
            }
        }
    }

    static void resources(Errors errors, MatchResources resources, String path) {
        if (resources.hasMatchPolicy()) {
            errors.oneOf(path + ".matchPolicy", resources.getMatchPolicy(), "Equivalent", "Exact");
        } else {
            errors.required(path + ".matchPolicy");
        }
        if (resources.hasNamespaceSelector()) {
            CommonRules.selector(errors, resources.getNamespaceSelector(), path + ".namespaceSelector");
        } else {
            errors.required(path + ".namespaceSelector");
        }
        if (resources.hasObjectSelector()) {
            CommonRules.selector(errors, resources.getObjectSelector(), path + ".objectSelector");
        } else {
            errors.required(path + ".objectSelector");
        }
        for (int i = 0; i < resources.getResourceRulesCount(); i++) {
            RuleRules.named(errors, resources.getResourceRules(i), path + ".resourceRules[" + i + "]");
        }
        for (int i = 0; i < resources.getExcludeResourceRulesCount(); i++) {
            RuleRules.named(errors, resources.getExcludeResourceRules(i), path + ".excludeResourceRules[" + i + "]");
        }
    }

    private static void parameters(Errors errors, ParamRef reference) {
        String path = "spec.paramRef";
        String name = reference.getName();
        String both = "name and selector are mutually exclusive";
        errors.invalid(path + ".name", name, Names.pathSegment(name));
        if (!name.isEmpty() && reference.hasSelector()) {
            errors.forbidden(path + ".name", both);
        }
        if (reference.hasSelector()) {
            CommonRules.selector(errors, reference.getSelector(), path + ".selector");
            if (!name.isEmpty()) {
                errors.forbidden(path + ".selector", both);
            }
        } else if (name.isEmpty()) {
            errors.required(path, "one of name or selector must be specified");
        }
        if (errors.present(path + ".parameterNotFoundAction", reference.getParameterNotFoundAction())) {
            errors.oneOf(path + ".parameterNotFoundAction", reference.getParameterNotFoundAction(), "Deny", "Allow");
        }
    }

    private static void actions(Errors errors, List<String> actions) {
        String path = "spec.validationActions";
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < actions.size(); i++) {
            errors.oneOf(path + "[" + i + "]", actions.get(i), "Audit", "Deny", "Warn");
            if (!seen.add(actions.get(i))) {
                errors.duplicate(path + "[" + i + "]", actions.get(i));
            }
        }
        if (seen.containsAll(List.of("Deny", "Warn"))) {
            errors.invalid(
                    path,
                    Errors.shown(actions),
                    "must not contain both Deny and Warn (repeating the same validation failure information in the API"
                            + " response and headers serves no purpose)");
        }
        if (actions.isEmpty()) {
            errors.required(path, "at least one validation action is required");
        }
    }
}
