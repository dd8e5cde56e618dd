package io.jollyboat.apiserver.authz;

import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.rbac.v1.ClusterRole;
import io.jollyboat.api.rbac.v1.ClusterRoleBinding;
import io.jollyboat.api.rbac.v1.PolicyRule;
import io.jollyboat.api.rbac.v1.Role;
import io.jollyboat.api.rbac.v1.RoleBinding;
import io.jollyboat.api.rbac.v1.RoleRef;
import io.jollyboat.api.rbac.v1.Subject;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.auth.UserInfo;
import java.util.Arrays;
import java.util.List;

/** Short forms for tests. */
final class Rbac {
    private Rbac() {}

    /** Space-separated lists. */
    static PolicyRule rule(String verbs, String groups, String resources) {
        return rule(verbs, groups, resources, "");
    }

    static PolicyRule rule(String verbs, String groups, String resources, String names) {
        return PolicyRule.newBuilder()
                .addAllVerbs(split(verbs))
                .addAllApiGroups(groups.isEmpty() ? List.of("") : split(groups))
                .addAllResources(split(resources))
                .addAllResourceNames(split(names))
                .build();
    }

    static PolicyRule urls(String verbs, String urls) {
        return PolicyRule.newBuilder()
                .addAllVerbs(split(verbs))
                .addAllNonResourceURLs(split(urls))
                .build();
    }

    private static List<String> split(String values) {
        return values.isEmpty() ? List.of() : Arrays.asList(values.split(" "));
    }

    static ClusterRole clusterRole(String name, PolicyRule... rules) {
        return ClusterRole.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setName(name))
                .addAllRules(List.of(rules))
                .build();
    }

    static Role role(String namespace, String name, PolicyRule... rules) {
        return Role.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setNamespace(namespace).setName(name))
                .addAllRules(List.of(rules))
                .build();
    }

    static RoleRef ref(String kind, String name) {
        return RoleRef.newBuilder()
                .setApiGroup("rbac.authorization.k8s.io")
                .setKind(kind)
                .setName(name)
                .build();
    }

    static ClusterRoleBinding everywhere(String name, String role, Subject... subjects) {
        return ClusterRoleBinding.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setName(name))
                .setRoleRef(ref("ClusterRole", role))
                .addAllSubjects(List.of(subjects))
                .build();
    }

    static RoleBinding in(String namespace, String name, RoleRef role, Subject... subjects) {
        return RoleBinding.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setNamespace(namespace).setName(name))
                .setRoleRef(role)
                .addAllSubjects(List.of(subjects))
                .build();
    }

    static Subject user(String name) {
        return Subject.newBuilder().setKind("User").setName(name).build();
    }

    static Subject group(String name) {
        return Subject.newBuilder().setKind("Group").setName(name).build();
    }

    static Subject account(String namespace, String name) {
        Subject.Builder subject = Subject.newBuilder().setKind("ServiceAccount").setName(name);
        return namespace.isEmpty()
                ? subject.build()
                : subject.setNamespace(namespace).build();
    }

    static UserInfo person(String name, String... groups) {
        return new UserInfo(name, List.of(groups));
    }

    /** @param resource such as {@code pods}, {@code deployments.apps/scale} */
    static RequestAttributes on(UserInfo user, String verb, String resource, String namespace, String name) {
        return on(user, verb, resource, namespace, name, "");
    }

    static RequestAttributes on(
            UserInfo user, String verb, String resource, String namespace, String name, String fieldSelector) {
        int slash = resource.indexOf('/');
        String whole = slash < 0 ? resource : resource.substring(0, slash);
        int dot = whole.indexOf('.');
        return new RequestAttributes(
                user,
                verb,
                true,
                dot < 0 ? "" : whole.substring(dot + 1),
                "v1",
                dot < 0 ? whole : whole.substring(0, dot),
                slash < 0 ? "" : resource.substring(slash + 1),
                namespace,
                name,
                "",
                "",
                fieldSelector);
    }

    static RequestAttributes path(UserInfo user, String verb, String path) {
        return new RequestAttributes(user, verb, false, "", "", "", "", "", "", path, "", "");
    }
}
