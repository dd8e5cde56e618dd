package io.jollyboat.apiserver.bootstrap;

import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.rbac.v1.AggregationRule;
import io.jollyboat.api.rbac.v1.ClusterRole;
import io.jollyboat.api.rbac.v1.ClusterRoleBinding;
import io.jollyboat.api.rbac.v1.PolicyRule;
import io.jollyboat.api.rbac.v1.Role;
import io.jollyboat.api.rbac.v1.RoleBinding;
import io.jollyboat.api.rbac.v1.RoleRef;
import io.jollyboat.api.rbac.v1.Subject;
import io.jollyboat.apiserver.authz.RuleCoverage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

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
        return binding(
                new Binding(present.getMetadata(), present.getRoleRef(), present.getSubjectsList()),
                new Binding(wanted.getMetadata(), wanted.getRoleRef(), wanted.getSubjectsList()),
                merged -> present.toBuilder()
                        .setMetadata(merged.meta)
                        .clearSubjects()
                        .addAllSubjects(merged.subjects)
                        .build());
    }

    static Optional<RoleBinding> roleBinding(RoleBinding present, RoleBinding wanted) {
        return binding(
                new Binding(present.getMetadata(), present.getRoleRef(), present.getSubjectsList()),
                new Binding(wanted.getMetadata(), wanted.getRoleRef(), wanted.getSubjectsList()),
                merged -> present.toBuilder()
                        .setMetadata(merged.meta)
                        .clearSubjects()
                        .addAllSubjects(merged.subjects)
                        .build());
    }

    /** What both kinds of bindings are. */
    private record Binding(ObjectMeta meta, RoleRef role, List<Subject> subjects) {}

    /** Empty where the role differs: that cannot be changed, only made anew. */
    private static <B> Optional<B> binding(Binding present, Binding wanted, Function<Binding, B> build) {
        if (isProtected(present.meta)) {
            return Optional.of(build.apply(present));
        }
        if (!present.role.equals(wanted.role)) {
            return Optional.empty();
        }
        List<Subject> subjects = new ArrayList<>(present.subjects);
        wanted.subjects.stream()
                .filter(subject -> !present.subjects.contains(subject))
                .forEach(subjects::add);
        return Optional.of(build.apply(new Binding(meta(present.meta, wanted.meta), present.role, subjects)));
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
}
