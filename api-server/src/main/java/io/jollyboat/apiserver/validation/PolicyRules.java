package io.jollyboat.apiserver.validation;

import io.jollyboat.api.coordination.v1.Lease;
import io.jollyboat.api.policy.v1.PodDisruptionBudget;
import io.jollyboat.api.policy.v1.PodDisruptionBudgetStatus;
import io.jollyboat.api.scheduling.v1.PriorityClass;
import io.jollyboat.values.Names;

/** The rules of leases, priorities, and disruption budgets. */
final class PolicyRules {
    private PolicyRules() {}

    static void lease(Errors errors, Lease lease) {
        MetaRules.check(errors, lease.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        if (lease.getSpec().hasLeaseDurationSeconds() && lease.getSpec().getLeaseDurationSeconds() <= 0) {
            errors.invalid(
                    "spec.leaseDurationSeconds", lease.getSpec().getLeaseDurationSeconds(), "must be greater than 0");
        }
        errors.notNegative("spec.leaseTransitions", lease.getSpec().getLeaseTransitions());
    }

    static void priorityClass(Errors errors, PriorityClass priority) {
        MetaRules.check(errors, priority.getMetadata(), false, "metadata", Names::dns1123Subdomain);
        String name = priority.getMetadata().getName();
        boolean system = name.equals("system-cluster-critical") || name.equals("system-node-critical");
        if (name.startsWith("system-") && !system) {
            errors.forbidden(
                    "metadata.name",
                    "priority class names with 'system-' prefix are reserved for system use only. error: " + name
                            + " is not a known system priority class");
        }
        if (!name.startsWith("system-") && priority.getValue() > 1_000_000_000) {
            errors.forbidden("value", "maximum allowed value of a user defined priority is 1000000000");
        }
        errors.oneOf("preemptionPolicy", priority.getPreemptionPolicy(), "PreemptLowerPriority", "Never");
    }

    static void priorityClassUpdate(Errors errors, PriorityClass priority, PriorityClass old) {
        MetaRules.checkUpdate(errors, priority.getMetadata(), old.getMetadata(), "metadata");
        if (priority.getValue() != old.getValue()) {
            errors.forbidden("value", "may not be changed in an update.");
        }
        errors.unchanged("preemptionPolicy", priority.getPreemptionPolicy(), old.getPreemptionPolicy());
    }

    static void disruptionBudgetStatus(Errors errors, PodDisruptionBudget budget, PodDisruptionBudget old) {
        MetaRules.checkUpdate(errors, budget.getMetadata(), old.getMetadata(), "metadata");
        PodDisruptionBudgetStatus status = budget.getStatus();
        ConditionRules.check(errors, status.getConditionsList(), "status.conditions");
        errors.notNegative("status.disruptionsAllowed", status.getDisruptionsAllowed());
        errors.notNegative("status.currentHealthy", status.getCurrentHealthy());
        errors.notNegative("status.desiredHealthy", status.getDesiredHealthy());
        errors.notNegative("status.expectedPods", status.getExpectedPods());
    }

    /** Nothing is said of the name here. */
    static void disruptionBudget(Errors errors, PodDisruptionBudget budget) {
        if (budget.getSpec().hasMinAvailable() && budget.getSpec().hasMaxUnavailable()) {
            errors.invalid(
                    "spec", Errors.shown(budget.getSpec()), "minAvailable and maxUnavailable cannot be both set");
        }
        if (budget.getSpec().hasMinAvailable()) {
            CommonRules.positiveIntOrPercent(errors, budget.getSpec().getMinAvailable(), "spec.minAvailable");
            CommonRules.atMostAll(errors, budget.getSpec().getMinAvailable(), "spec.minAvailable");
        }
        if (budget.getSpec().hasMaxUnavailable()) {
            CommonRules.positiveIntOrPercent(errors, budget.getSpec().getMaxUnavailable(), "spec.maxUnavailable");
            CommonRules.atMostAll(errors, budget.getSpec().getMaxUnavailable(), "spec.maxUnavailable");
        }
        if (budget.getSpec().hasUnhealthyPodEvictionPolicy()) {
            errors.oneOf(
                    "spec.unhealthyPodEvictionPolicy",
                    budget.getSpec().getUnhealthyPodEvictionPolicy(),
                    "AlwaysAllow",
                    "IfHealthyBudget");
        }
        CommonRules.selector(errors, budget.getSpec().getSelector(), "spec.selector");
    }
}
