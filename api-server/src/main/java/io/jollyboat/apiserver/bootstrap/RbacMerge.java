package io.jollyboat.apiserver.bootstrap;

import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.rbac.v1.AggregationRule;
import io.jollyboat.api.rbac.v1.ClusterRole;
import io.jollyboat.api.rbac.v1.ClusterRoleBinding;
import io.jollyboat.api.rbac.v1.PolicyRule;
import io.jollyboat.api.rbac.v1.Role;
import io.jollyboat.api.rbac.v1.RoleBinding;
import io.jollyboat.api.rbac.v1.Subject;
import io.jollyboat.apiserver.authz.RuleCoverage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a default role or binding becomes, given what is there: upstream's reconciliation, which only adds. */
final class RbacMerge {
    private RbacMerge() {}

    static ClusterRole clusterRole(ClusterRole present, ClusterRole wanted) {
        if (isProtected(present.getMetadata())) {
            return present;
        }
        ClusterRole.Builder merged = present.toBuilder().setMetadata(meta(present.getMetadata(), wanted.getMetadata()));
        if (wanted.hasAggregationRule()) {
            AggregationRule.Builder rule = present.getAggregationRule().toBuilder();
            wanted.getAggregationRule().getClusterRoleSelectorsList().stream()
                    .filter(selector -> !rule.getClusterRoleSelectorsList().contains(selector))
                    .forEach(rule::addClusterRoleSelectors);
            return merged.setAggregationRule(rule).build();
        }
        return merged.addAllRules(missing(present.getRulesList(), wanted.getRulesList()))
                .build();
    }

    static Role role(Role present, Role wanted) {
        if (isProtected(present.getMetadata())) {
            return present;
        }
        return present.toBuilder()
                .setMetadata(meta(present.getMetadata(), wanted.getMetadata()))
                .addAllRules(missing(present.getRulesList(), wanted.getRulesList()))
                .build();
    }

    static Optional<ClusterRoleBinding> clusterRoleBinding(ClusterRoleBinding present, ClusterRoleBinding wanted) {
        if (isProtected(present.getMetadata())) {
            return Optional.of(present);
        }
        if (!present.getRoleRef().equals(wanted.getRoleRef())) {
            return Optional.empty();
        }
        return Optional.of(present.toBuilder()
                .setMetadata(meta(present.getMetadata(), wanted.getMetadata()))
                .addAllSubjects(missingSubjects(present.getSubjectsList(), wanted.getSubjectsList()))
                .build());
    }

    static Optional<RoleBinding> roleBinding(RoleBinding present, RoleBinding wanted) {
        if (isProtected(present.getMetadata())) {
            return Optional.of(present);
        }
        if (!present.getRoleRef().equals(wanted.getRoleRef())) {
            return Optional.empty();
        }
        return Optional.of(present.toBuilder()
                .setMetadata(meta(present.getMetadata(), wanted.getMetadata()))
                .addAllSubjects(missingSubjects(present.getSubjectsList(), wanted.getSubjectsList()))
                .build());
    }

    private static boolean isProtected(ObjectMeta present) {
        return "false".equals(present.getAnnotationsMap().get(BootstrapObjects.RBAC_AUTOUPDATE));
    }

    // What somebody set to another value stays.
    private static ObjectMeta meta(ObjectMeta present, ObjectMeta wanted) {
        return present.toBuilder()
                .putAllLabels(absent(present.getLabelsMap(), wanted.getLabelsMap()))
                .putAllAnnotations(absent(present.getAnnotationsMap(), wanted.getAnnotationsMap()))
                .build();
    }

    private static Map<String, String> absent(Map<String, String> present, Map<String, String> wanted) {
        Map<String, String> absent = new LinkedHashMap<>(wanted);
        absent.keySet().removeAll(present.keySet());
        return absent;
    }

    private static List<PolicyRule> missing(List<PolicyRule> present, List<PolicyRule> wanted) {
        return RuleCoverage.missing(present, wanted);
    }

    private static List<Subject> missingSubjects(List<Subject> present, List<Subject> wanted) {
        List<Subject> missing = new ArrayList<>(wanted);
        missing.removeAll(present);
        return missing;
    }
}
