package io.jollyboat.quota;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The evaluator of each resource. */
public final class QuotaEvaluators {
    /** What is not stored, and what has never been limited. */
    private static final Set<String> IGNORED = Set.of(
            "bindings",
            "componentstatuses",
            "tokenreviews.authentication.k8s.io",
            "selfsubjectreviews.authentication.k8s.io",
            "subjectaccessreviews.authorization.k8s.io",
            "selfsubjectaccessreviews.authorization.k8s.io",
            "localsubjectaccessreviews.authorization.k8s.io",
            "selfsubjectrulesreviews.authorization.k8s.io",
            "events",
            "events.events.k8s.io");
    /** Those that may be counted under their own name as well. */
    private static final Set<String> OLD_NAMES =
            Set.of("configmaps", "resourcequotas", "replicationcontrollers", "secrets");

    private final Map<String, QuotaEvaluator> special;

    /** @param clock says which pods should have gone by now */
    public QuotaEvaluators(Supplier<Instant> clock) {
        this.special = Map.of(
                "pods", new PodEvaluator(clock),
                "services", new ServiceEvaluator(),
                "persistentvolumeclaims", new ClaimEvaluator(),
                "resourceclaims.resource.k8s.io", new DeviceClaimEvaluator());
    }

    /**
     * The evaluator, null when no quota counts the resource.
     *
     * @param resource with its group, such as {@code deployments.apps}
     */
    public QuotaEvaluator of(String resource) {
        QuotaEvaluator found = special.get(resource);
        if (found != null) {
            return found;
        }
        if (IGNORED.contains(resource)) {
            return null;
        }
        String count = CountEvaluator.name(resource);
        return new CountEvaluator(OLD_NAMES.contains(resource) ? Set.of(count, resource) : Set.of(count));
    }
}
