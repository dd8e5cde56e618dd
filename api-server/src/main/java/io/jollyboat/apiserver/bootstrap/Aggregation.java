package io.jollyboat.apiserver.bootstrap;

import io.jollyboat.api.meta.v1.LabelSelector;
import io.jollyboat.api.rbac.v1.ClusterRole;
import io.jollyboat.api.rbac.v1.PolicyRule;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives aggregated roles their first rules, so that they hold before the aggregation controller has run; it comes to the
 * same rules and keeps them.
 */
final class Aggregation {
    private Aggregation() {}

    /** The default roles select by equal labels only. */
    static List<ClusterRole> fill(List<ClusterRole> roles) {
        List<ClusterRole> filled = roles;
        // An aggregated role may select another one: admin has all of edit, which has all of view.
        for (int round = 0; round < roles.size(); round++) {
            List<ClusterRole> before = filled;
            List<ClusterRole> next =
                    before.stream().map(role -> fill(role, before)).toList();
            if (next.equals(before)) {
                return next;
            }
            filled = next;
        }
        throw new IllegalStateException("default roles aggregate each other");
    }

    private static ClusterRole fill(ClusterRole role, List<ClusterRole> all) {
        if (!role.hasAggregationRule()) {
            return role;
        }
        Set<PolicyRule> rules = new LinkedHashSet<>();
        for (LabelSelector selector : role.getAggregationRule().getClusterRoleSelectorsList()) {
            all.stream()
                    .filter(other -> !other.equals(role)
                            && selects(selector, other.getMetadata().getLabelsMap()))
                    .sorted(Comparator.comparing(other -> other.getMetadata().getName()))
                    .forEach(other -> rules.addAll(other.getRulesList()));
        }
        return role.toBuilder().clearRules().addAllRules(rules).build();
    }

    private static boolean selects(LabelSelector selector, Map<String, String> labels) {
        return labels.entrySet().containsAll(selector.getMatchLabelsMap().entrySet());
    }
}
