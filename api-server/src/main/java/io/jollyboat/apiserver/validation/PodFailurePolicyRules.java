package io.jollyboat.apiserver.validation;

import io.jollyboat.api.batch.v1.JobSpec;
import io.jollyboat.api.batch.v1.PodFailurePolicyOnExitCodesRequirement;
import io.jollyboat.api.batch.v1.PodFailurePolicyOnPodConditionsPattern;
import io.jollyboat.api.batch.v1.PodFailurePolicyRule;
import io.jollyboat.values.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of what a job does about failed pods. */
final class PodFailurePolicyRules {
    private static final int MOST_RULES = 20;
    private static final int MOST_CONDITIONS = 20;
    private static final int MOST_CODES = 255;
    private static final String[] ACTIONS = {"Count", "FailIndex", "FailJob", "Ignore"};

    private PodFailurePolicyRules() {}

    static void check(Errors errors, JobSpec spec, String path) {
        List<PodFailurePolicyRule> rules = spec.getPodFailurePolicy().getRulesList();
        if (rules.size() > MOST_RULES) {
            errors.tooMany(path + ".rules", rules.size(), MOST_RULES);
        }
        Set<String> containers = new HashSet<>();
        spec.getTemplate().getSpec().getContainersList().forEach(each -> containers.add(each.getName()));
        spec.getTemplate().getSpec().getInitContainersList().forEach(each -> containers.add(each.getName()));
        for (int i = 0; i < rules.size(); i++) {
            rule(errors, spec, rules.get(i), containers, path + ".rules[" + i + "]");
        }
    }

    private static void rule(
            Errors errors, JobSpec spec, PodFailurePolicyRule rule, Set<String> containers, String path) {
        String action = rule.getAction();
        if (action.isEmpty()) {
            errors.required(path + ".action", "valid values: [\"" + String.join("\" \"", ACTIONS) + "\"]");
        } else if (action.equals("FailIndex")) {
            if (!spec.hasBackoffLimitPerIndex()) {
                errors.invalid(path + ".action", action, "requires the backoffLimitPerIndex to be set");
            }
        } else {
            errors.oneOf(path + ".action", action, ACTIONS);
        }
        if (rule.hasOnExitCodes()) {
            exitCodes(errors, rule.getOnExitCodes(), containers, path + ".onExitCodes");
        }
        conditions(errors, rule.getOnPodConditionsList(), path + ".onPodConditions");
        boolean both = rule.hasOnExitCodes() && rule.getOnPodConditionsCount() > 0;
        if (both) {
            errors.invalid(path, null, "specifying both OnExitCodes and OnPodConditions is not supported");
        } else if (!rule.hasOnExitCodes() && rule.getOnPodConditionsCount() == 0) {
            errors.invalid(path, null, "specifying one of OnExitCodes and OnPodConditions is required");
        }
    }

    private static void conditions(Errors errors, List<PodFailurePolicyOnPodConditionsPattern> patterns, String path) {
        if (patterns.size() > MOST_CONDITIONS) {
            errors.tooMany(path, patterns.size(), MOST_CONDITIONS);
        }
        for (int i = 0; i < patterns.size(); i++) {
            String at = path + "[" + i + "]";
            String type = patterns.get(i).getType();
            errors.invalid(at + ".type", type, Names.qualifiedName(type));
            String status = patterns.get(i).getStatus();
            if (status.isEmpty()) {
                errors.required(at + ".status", "valid values: [\"False\" \"True\" \"Unknown\"]");
            } else {
                errors.oneOf(at + ".status", status, "False", "True", "Unknown");
            }
        }
    }

    private static void exitCodes(
            Errors errors, PodFailurePolicyOnExitCodesRequirement codes, Set<String> containers, String path) {
        String operator = codes.getOperator();
        if (operator.isEmpty()) {
            errors.required(path + ".operator", "valid values: [\"In\" \"NotIn\"]");
        } else {
            errors.oneOf(path + ".operator", operator, "In", "NotIn");
        }
        if (codes.hasContainerName() && !containers.contains(codes.getContainerName())) {
            errors.invalid(
                    path + ".containerName",
                    codes.getContainerName(),
                    "must be one of the container or initContainer names in the pod template");
        }
        List<Integer> values = codes.getValuesList();
        if (values.isEmpty()) {
            errors.invalid(path + ".values", Errors.bare("null"), "at least one value is required");
        } else if (values.size() > MOST_CODES) {
            errors.tooMany(path + ".values", values.size(), MOST_CODES);
        }
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < values.size(); i++) {
            String at = path + ".values[" + i + "]";
            if (operator.equals("In") && values.get(i) == 0) {
                errors.invalid(at, 0, "must not be 0 for the In operator");
            }
            if (!seen.add(values.get(i))) {
                errors.duplicate(at, values.get(i));
            }
        }
        if (!values.stream().sorted().toList().equals(values)) {
            errors.invalid(path + ".values", Errors.shown(values), "must be ordered");
        }
    }
}
