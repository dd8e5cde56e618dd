package io.jollyboat.apiserver.validation;

import io.jollyboat.api.rbac.v1.ClusterRole;
import io.jollyboat.api.rbac.v1.ClusterRoleBinding;
import io.jollyboat.api.rbac.v1.PolicyRule;
import io.jollyboat.api.rbac.v1.Role;
import io.jollyboat.api.rbac.v1.RoleBinding;
import io.jollyboat.api.rbac.v1.RoleRef;
import io.jollyboat.api.rbac.v1.Subject;
import io.jollyboat.values.Names;
import java.util.List;

/** The rules of roles and their bindings. */
final class RbacRules {
    private static final String GROUP = "rbac.authorization.k8s.io";

    private RbacRules() {}

    static void role(Errors errors, Role role) {
        MetaRules.check(errors, role.getMetadata(), true, "metadata", Names::pathSegment);
        rules(errors, role.getRulesList(), true);
    }

    static void clusterRole(Errors errors, ClusterRole role) {
        MetaRules.check(errors, role.getMetadata(), false, "metadata", Names::pathSegment);
        rules(errors, role.getRulesList(), false);
        if (!role.hasAggregationRule()) {
            return;
        }
        String path = "aggregationRule.clusterRoleSelectors";
        if (role.getAggregationRule().getClusterRoleSelectorsCount() == 0) {
            errors.required(path, "at least one clusterRoleSelector required if aggregationRule is non-nil");
        }
        for (int i = 0; i < role.getAggregationRule().getClusterRoleSelectorsCount(); i++) {
            int before = errors.count();
            CommonRules.selector(errors, role.getAggregationRule().getClusterRoleSelectors(i), path + "[" + i + "]");
            if (errors.count() > before) {
                errors.invalid(path + "[" + i + "]", Errors.bare("null"), "invalid label selector.");
            }
        }
    }

    private static void rules(Errors errors, List<PolicyRule> rules, boolean namespaced) {
        for (int i = 0; i < rules.size(); i++) {
            PolicyRule rule = rules.get(i);
            String at = "rules[" + i + "]";
            if (rule.getVerbsCount() == 0) {
                errors.required(at + ".verbs", "verbs must contain at least one value");
            }
            if (rule.getNonResourceURLsCount() > 0) {
                Object urls = Errors.bare("[\"" + String.join("\",\"", rule.getNonResourceURLsList()) + "\"]");
                if (namespaced) {
                    errors.invalid(at + ".nonResourceURLs", urls, "namespaced rules cannot apply to non-resource URLs");
                }
                if (rule.getApiGroupsCount() > 0 || rule.getResourcesCount() > 0 || rule.getResourceNamesCount() > 0) {
                    errors.invalid(
                            at + ".nonResourceURLs",
                            urls,
                            "rules cannot apply to both regular resources and non-resource URLs");
                }
                continue;
            }
            if (rule.getApiGroupsCount() == 0) {
                errors.required(at + ".apiGroups", "resource rules must supply at least one api group");
            }
            if (rule.getResourcesCount() == 0) {
                errors.required(at + ".resources", "resource rules must supply at least one resource");
            }
        }
    }

    static void roleBinding(Errors errors, RoleBinding binding) {
        MetaRules.check(errors, binding.getMetadata(), true, "metadata", Names::pathSegment);
        reference(errors, binding.getRoleRef(), List.of("Role", "ClusterRole"));
        subjects(errors, binding.getSubjectsList(), true);
    }

    static void clusterRoleBinding(Errors errors, ClusterRoleBinding binding) {
        MetaRules.check(errors, binding.getMetadata(), false, "metadata", Names::pathSegment);
        reference(errors, binding.getRoleRef(), List.of("ClusterRole"));
        subjects(errors, binding.getSubjectsList(), false);
    }

    static void roleBindingUpdate(Errors errors, RoleBinding binding, RoleBinding old) {
        roleBinding(errors, binding);
        MetaRules.checkUpdate(errors, binding.getMetadata(), old.getMetadata(), "metadata");
        sameReference(errors, binding.getRoleRef(), old.getRoleRef());
    }

    static void clusterRoleBindingUpdate(Errors errors, ClusterRoleBinding binding, ClusterRoleBinding old) {
        clusterRoleBinding(errors, binding);
        MetaRules.checkUpdate(errors, binding.getMetadata(), old.getMetadata(), "metadata");
        sameReference(errors, binding.getRoleRef(), old.getRoleRef());
    }

    private static void sameReference(Errors errors, RoleRef now, RoleRef before) {
        if (!now.equals(before)) {
            errors.invalid(
                    "roleRef",
                    Errors.bare("{\"APIGroup\":\"" + now.getApiGroup() + "\",\"Kind\":\"" + now.getKind()
                            + "\",\"Name\":\"" + now.getName() + "\"}"),
                    "cannot change roleRef");
        }
    }

    private static void reference(Errors errors, RoleRef reference, List<String> kinds) {
        if (!reference.getApiGroup().equals(GROUP)) {
            errors.notSupported("roleRef.apiGroup", reference.getApiGroup(), List.of(GROUP));
        }
        if (!kinds.contains(reference.getKind())) {
            errors.notSupported("roleRef.kind", reference.getKind(), kinds);
        }
        if (reference.getName().isEmpty()) {
            errors.required("roleRef.name");
        } else {
            errors.invalid("roleRef.name", reference.getName(), Names.pathSegment(reference.getName()));
        }
    }

    private static void subjects(Errors errors, List<Subject> subjects, boolean namespaced) {
        for (int i = 0; i < subjects.size(); i++) {
            Subject subject = subjects.get(i);
            String at = "subjects[" + i + "]";
            if (subject.getName().isEmpty()) {
                errors.required(at + ".name");
            }
            switch (subject.getKind()) {
                case "ServiceAccount" -> {
                    if (!subject.getName().isEmpty()) {
                        errors.invalid(at + ".name", subject.getName(), Names.dns1123Subdomain(subject.getName()));
                    }
                    if (!subject.getApiGroup().isEmpty()) {
                        errors.notSupported(at + ".apiGroup", subject.getApiGroup(), List.of(""));
                    }
                    if (!namespaced && subject.getNamespace().isEmpty()) {
                        errors.required(at + ".namespace");
                    }
                }
                case "User", "Group" -> {
                    if (!subject.getApiGroup().equals(GROUP)) {
                        errors.notSupported(at + ".apiGroup", subject.getApiGroup(), List.of(GROUP));
                    }
                }
                default ->
                    errors.notSupported(at + ".kind", subject.getKind(), List.of("ServiceAccount", "User", "Group"));
            }
        }
    }
}
