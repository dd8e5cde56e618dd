package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.Affinity;
import io.jollyboat.api.core.v1.NodeSelector;
import io.jollyboat.api.core.v1.NodeSelectorRequirement;
import io.jollyboat.api.core.v1.NodeSelectorTerm;
import io.jollyboat.api.core.v1.PodAffinityTerm;
import io.jollyboat.api.core.v1.PreferredSchedulingTerm;
import io.jollyboat.api.core.v1.Toleration;
import io.jollyboat.api.core.v1.TopologySpreadConstraint;
import io.jollyboat.api.core.v1.WeightedPodAffinityTerm;
import io.jollyboat.values.Names;
import java.util.List;

/** The rules of what concerns a pod's place. */
final class SchedulingRules {
    private SchedulingRules() {}

    static void tolerations(Errors errors, List<Toleration> tolerations, String path) {
        for (int i = 0; i < tolerations.size(); i++) {
            Toleration toleration = tolerations.get(i);
            String at = path + "[" + i + "]";
            String operator = toleration.getOperator();
            if (!toleration.getKey().isEmpty()) {
                errors.invalid(at + ".key", toleration.getKey(), Names.qualifiedName(toleration.getKey()));
            } else if (!operator.equals("Exists")) {
                errors.invalid(
                        at + ".operator",
                        operator,
                        "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
            }
            if (toleration.hasTolerationSeconds() && !toleration.getEffect().equals("NoExecute")) {
                errors.invalid(
                        at + ".effect",
                        toleration.getEffect(),
                        "effect must be 'NoExecute' when `tolerationSeconds` is set");
            }
            switch (operator) {
                case "", "Equal" -> {
                    List<String> problems = Names.labelValue(toleration.getValue());
                    if (!problems.isEmpty()) {
                        errors.invalid(at + ".operator", toleration.getValue(), String.join(";", problems));
                    }
                }
                case "Exists" -> {
                    if (!toleration.getValue().isEmpty()) {
                        errors.invalid(
                                at + ".operator",
                                toleration.getValue(),
                                "value must be empty when `operator` is 'Exists'");
                    }
                }
                default -> errors.notSupported(at + ".operator", operator, List.of("Equal", "Exists"));
            }
            if (!toleration.getEffect().isEmpty()) {
                effect(errors, toleration.getEffect(), at + ".effect");
            }
        }
    }

    static void effect(Errors errors, String effect, String path) {
        if (effect.isEmpty()) {
            errors.required(path);
        } else {
            errors.oneOf(path, effect, "NoSchedule", "PreferNoSchedule", "NoExecute");
        }
    }

    static void affinity(Errors errors, Affinity affinity, String path) {
        String node = path + ".nodeAffinity";
        if (affinity.getNodeAffinity().hasRequiredDuringSchedulingIgnoredDuringExecution()) {
            nodeSelector(
                    errors,
                    affinity.getNodeAffinity().getRequiredDuringSchedulingIgnoredDuringExecution(),
                    node + ".requiredDuringSchedulingIgnoredDuringExecution");
        }
        List<PreferredSchedulingTerm> preferred =
                affinity.getNodeAffinity().getPreferredDuringSchedulingIgnoredDuringExecutionList();
        for (int i = 0; i < preferred.size(); i++) {
            String at = node + ".preferredDuringSchedulingIgnoredDuringExecution[" + i + "]";
            weight(errors, preferred.get(i).getWeight(), at + ".weight");
            term(errors, preferred.get(i).getPreference(), at + ".preference");
        }
        podTerms(
                errors,
                affinity.getPodAffinity().getRequiredDuringSchedulingIgnoredDuringExecutionList(),
                affinity.getPodAffinity().getPreferredDuringSchedulingIgnoredDuringExecutionList(),
                path + ".podAffinity");
        podTerms(
                errors,
                affinity.getPodAntiAffinity().getRequiredDuringSchedulingIgnoredDuringExecutionList(),
                affinity.getPodAntiAffinity().getPreferredDuringSchedulingIgnoredDuringExecutionList(),
                path + ".podAntiAffinity");
    }

    private static void weight(Errors errors, int weight, String path) {
        if (weight <= 0 || weight > 100) {
            errors.invalid(path, weight, "must be in the range 1-100");
        }
    }

    static void nodeSelector(Errors errors, NodeSelector selector, String path) {
        if (selector.getNodeSelectorTermsCount() == 0) {
            errors.required(path + ".nodeSelectorTerms", "must have at least one node selector term");
        }
        for (int i = 0; i < selector.getNodeSelectorTermsCount(); i++) {
            String at = path + ".nodeSelectorTerms[" + i + "]";
            term(errors, selector.getNodeSelectorTerms(i), at);
            values(errors, selector.getNodeSelectorTerms(i), at);
        }
    }

    private static void term(Errors errors, NodeSelectorTerm term, String path) {
        for (int i = 0; i < term.getMatchExpressionsCount(); i++) {
            expression(errors, term.getMatchExpressions(i), path + ".matchExpressions[" + i + "]");
        }
        for (int i = 0; i < term.getMatchFieldsCount(); i++) {
            field(errors, term.getMatchFields(i), path + ".matchFields[" + i + "]");
        }
    }

    /** What must match has to be possible; what is only preferred may be impossible. */
    private static void values(Errors errors, NodeSelectorTerm term, String path) {
        for (int i = 0; i < term.getMatchExpressionsCount(); i++) {
            List<String> values = term.getMatchExpressions(i).getValuesList();
            for (int j = 0; j < values.size(); j++) {
                String at = path + ".matchExpressions[" + i + "].values[" + j + "]";
                errors.invalid(at, values.get(j), Names.labelValue(values.get(j)));
            }
        }
    }

    private static void expression(Errors errors, NodeSelectorRequirement requirement, String path) {
        if (requirement.getOperator().equals("Gt") || requirement.getOperator().equals("Lt")) {
            if (requirement.getValuesCount() != 1) {
                errors.required(path + ".values", "must be specified single value when `operator` is 'Lt' or 'Gt'");
            }
        } else {
            CommonRules.operator(errors, requirement.getOperator(), requirement.getValuesCount(), path);
        }
        errors.invalid(path + ".key", requirement.getKey(), Names.qualifiedName(requirement.getKey()));
    }

    private static void field(Errors errors, NodeSelectorRequirement requirement, String path) {
        boolean known = requirement.getOperator().equals("In")
                || requirement.getOperator().equals("NotIn");
        if (!known) {
            errors.invalid(path + ".operator", requirement.getOperator(), "not a valid selector operator");
        } else if (requirement.getValuesCount() != 1) {
            errors.required(
                    path + ".values",
                    "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
        }
        if (!requirement.getKey().equals("metadata.name")) {
            errors.invalid(path + ".key", requirement.getKey(), "not a valid field selector key");
        } else {
            for (int i = 0; i < requirement.getValuesCount(); i++) {
                String value = requirement.getValues(i);
                errors.invalid(path + ".values[" + i + "]", value, Names.dns1123Subdomain(value));
            }
        }
    }

    private static void podTerms(
            Errors errors, List<PodAffinityTerm> required, List<WeightedPodAffinityTerm> preferred, String path) {
        for (int i = 0; i < required.size(); i++) {
            podTerm(errors, required.get(i), path + ".requiredDuringSchedulingIgnoredDuringExecution[" + i + "]");
        }
        for (int i = 0; i < preferred.size(); i++) {
            String at = path + ".preferredDuringSchedulingIgnoredDuringExecution[" + i + "]";
            weight(errors, preferred.get(i).getWeight(), at + ".weight");
            podTerm(errors, preferred.get(i).getPodAffinityTerm(), at + ".podAffinityTerm");
        }
    }

    private static void podTerm(Errors errors, PodAffinityTerm term, String path) {
        CommonRules.selector(errors, term.getLabelSelector(), path + ".labelSelector");
        CommonRules.selector(errors, term.getNamespaceSelector(), path + ".namespaceSelector");
        for (String namespace : term.getNamespacesList()) {
            errors.invalid(path + ".namespace", namespace, Names.dns1123Label(namespace));
        }
        if (term.getTopologyKey().isEmpty()) {
            errors.required(path + ".topologyKey", "can not be empty");
        }
        errors.invalid(path + ".topologyKey", term.getTopologyKey(), Names.qualifiedName(term.getTopologyKey()));
    }

    static void spread(Errors errors, List<TopologySpreadConstraint> constraints, String path) {
        for (int i = 0; i < constraints.size(); i++) {
            TopologySpreadConstraint constraint = constraints.get(i);
            String at = path + "[" + i + "]";
            if (constraint.getMaxSkew() <= 0) {
                errors.invalid(at + ".maxSkew", constraint.getMaxSkew(), "must be greater than zero");
            }
            if (constraint.getTopologyKey().isEmpty()) {
                errors.required(at + ".topologyKey", "can not be empty");
            }
            errors.oneOf(
                    at + ".whenUnsatisfiable", constraint.getWhenUnsatisfiable(), "DoNotSchedule", "ScheduleAnyway");
            for (int j = i + 1; j < constraints.size(); j++) {
                boolean same = constraints.get(j).getTopologyKey().equals(constraint.getTopologyKey())
                        && constraints.get(j).getWhenUnsatisfiable().equals(constraint.getWhenUnsatisfiable());
                if (same) {
                    errors.duplicate(
                            at + ".{topologyKey, whenUnsatisfiable}",
                            "{" + constraint.getTopologyKey() + ", " + constraint.getWhenUnsatisfiable() + "}");
                }
            }
            if (constraint.hasMinDomains() && constraint.getMinDomains() <= 0) {
                errors.invalid(at + ".minDomains", constraint.getMinDomains(), "must be greater than 0");
            }
            CommonRules.selector(errors, constraint.getLabelSelector(), at + ".labelSelector");
        }
    }
}
