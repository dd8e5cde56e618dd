package io.jollyboat.apiserver.authz;

import static io.jollyboat.apiserver.authz.Rbac.account;
import static io.jollyboat.apiserver.authz.Rbac.clusterRole;
import static io.jollyboat.apiserver.authz.Rbac.everywhere;
import static io.jollyboat.apiserver.authz.Rbac.group;
import static io.jollyboat.apiserver.authz.Rbac.in;
import static io.jollyboat.apiserver.authz.Rbac.on;
import static io.jollyboat.apiserver.authz.Rbac.path;
import static io.jollyboat.apiserver.authz.Rbac.person;
import static io.jollyboat.apiserver.authz.Rbac.ref;
import static io.jollyboat.apiserver.authz.Rbac.role;
import static io.jollyboat.apiserver.authz.Rbac.rule;
import static io.jollyboat.apiserver.authz.Rbac.urls;
import static io.jollyboat.apiserver.authz.Rbac.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.rbac.v1.ClusterRole;
import io.jollyboat.api.rbac.v1.ClusterRoleBinding;
import io.jollyboat.apiserver.auth.Authorizer.Decision;
import io.jollyboat.apiserver.auth.Authorizer.Verdict;
import io.jollyboat.apiserver.auth.FakeObjects;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RbacAuthorizerTest {
    private static final UserInfo JANE = person("jane", "devs", "system:authenticated");

    private final FakeObjects objects = new FakeObjects();
    private final Authorizers authorizers = Authorizers.build(objects, List.of());

    /** What each rule, bound to jane everywhere, says to each request. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // verbs | groups | resources | names || verb | resource | name | allowed
                "get | '' | pods | '' | get | pods | p | true",
                "get | '' | pods | '' | list | pods | '' | false",
                "get | '' | pods | '' | get | pods/log | p | false",
                "get | '' | pods/log | '' | get | pods/log | p | true",
                "get | '' | pods/log | '' | get | pods | p | false",
                "get | '' | */log | '' | get | pods/log | p | true",
                "get | '' | */log | '' | get | pods/exec | p | false",
                "get | '' | */log | '' | get | pods | p | false",
                "update | * | */scale | '' | update | deployments.apps/scale | d | true",
                "update | '' | */scale | '' | update | deployments.apps/scale | d | false",
                "get | '' | * | '' | get | pods/log | p | true",
                "get | '' | * | '' | get | deployments.apps | d | false",
                "get | apps | * | '' | get | deployments.apps | d | true",
                "* | * | * | '' | deletecollection | anything.example.com | '' | true",
                "get | '' | pods | a b | get | pods | b | true",
                "get | '' | pods | a b | get | pods | c | false",
                "list | '' | pods | a | list | pods | '' | false",
                "create | '' | pods | a | create | pods | '' | false",
                "get | '' | pod | '' | get | pods | p | false",
                "get | '' | pods/logs | '' | get | pods/log | p | false",
                "get | '' | xpods/log | '' | get | pods/log | p | false",
                "GET | '' | pods | '' | get | pods | p | false",
                "get | '' | */*  | '' | get | pods/log | p | false",
            })
    void rules(
            String verbs,
            String groups,
            String resources,
            String names,
            String verb,
            String resource,
            String name,
            boolean allowed) {
        objects.put(clusterRole("r", rule(verbs, groups, resources.strip(), names)));
        objects.put(everywhere("b", "r", user("jane")));
        assertThat(allows(on(JANE, verb, resource, "ns", name))).isEqualTo(allowed);
        assertThat(allows(on(person("joe"), verb, resource, "ns", name))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "/healthz, /healthz, true",
        "/healthz, /healthz/etcd, false",
        "/healthz/*, /healthz/etcd, true",
        "/healthz/*, /healthz, false",
        "/api*, /apis/apps, true",
        "*, /anything, true",
        "/metrics, /metrics/, false",
        "/a*b, /axb, false",
    })
    void paths(String rule, String path, boolean allowed) {
        objects.put(clusterRole("r", urls("get", rule)));
        objects.put(everywhere("b", "r", user("jane")));
        assertThat(allows(path(JANE, "get", path))).isEqualTo(allowed);
        assertThat(allows(path(JANE, "post", path))).isFalse();
    }

    @Test
    void pathsAreNotGrantedByRoleBindings() {
        objects.put(clusterRole("r", urls("get", "*")));
        objects.put(in("ns", "b", ref("ClusterRole", "r"), user("jane")));
        assertThat(allows(path(JANE, "get", "/metrics"))).isFalse();
    }

    @Test
    void resourceRulesSayNothingAboutPathsAndTheOtherWayRound() {
        objects.put(clusterRole("r", rule("*", "*", "*")));
        objects.put(everywhere("b", "r", user("jane")));
        assertThat(allows(path(JANE, "get", "/metrics"))).isFalse();
        objects.put(clusterRole("r", urls("*", "*")));
        assertThat(allows(on(JANE, "get", "pods", "ns", "p"))).isFalse();
    }

    @Test
    void bindingsHoldInTheirNamespaceOnly() {
        objects.put(role("ns", "r", rule("get", "", "pods")));
        objects.put(in("ns", "b", ref("Role", "r"), user("jane")));
        assertThat(allows(on(JANE, "get", "pods", "ns", "p"))).isTrue();
        assertThat(allows(on(JANE, "get", "pods", "other", "p"))).isFalse();
        assertThat(allows(on(JANE, "get", "pods", "", ""))).isFalse();
    }

    @Test
    void roleOfAnotherNamespaceDoesNotCount() {
        objects.put(role("other", "r", rule("get", "", "pods")));
        objects.put(in("ns", "b", ref("Role", "r"), user("jane")));
        assertThat(allows(on(JANE, "get", "pods", "ns", "p"))).isFalse();
        assertThat(allows(on(JANE, "get", "pods", "other", "p"))).isFalse();
    }

    @Test
    void clusterRoleByRoleBindingHoldsInTheNamespace() {
        objects.put(clusterRole("r", rule("get", "", "pods")));
        objects.put(in("ns", "b", ref("ClusterRole", "r"), group("devs")));
        assertThat(allows(on(JANE, "get", "pods", "ns", "p"))).isTrue();
        assertThat(allows(on(JANE, "get", "pods", "other", "p"))).isFalse();
        assertThat(allows(on(person("devs"), "get", "pods", "ns", "p"))).isFalse();
    }

    @Test
    void subjectsAreToldApartByKindAndNamespace() {
        objects.put(clusterRole("r", rule("get", "", "pods")));
        objects.put(everywhere("b", "r", account("a", "robot"), group("jane")));
        assertThat(allows(on(person("system:serviceaccount:a:robot"), "get", "pods", "x", "p")))
                .isTrue();
        assertThat(allows(on(person("system:serviceaccount:b:robot"), "get", "pods", "x", "p")))
                .isFalse();
        assertThat(allows(on(person("robot"), "get", "pods", "x", "p"))).isFalse();
        assertThat(allows(on(JANE, "get", "pods", "x", "p"))).isFalse();
    }

    @Test
    void accountWithoutNamespaceIsOfTheBindings() {
        objects.put(clusterRole("r", rule("get", "", "pods")));
        objects.put(in("ns", "b", ref("ClusterRole", "r"), account("", "robot")));
        assertThat(allows(on(person("system:serviceaccount:ns:robot"), "get", "pods", "ns", "p")))
                .isTrue();
        assertThat(allows(on(person("system:serviceaccount:other:robot"), "get", "pods", "ns", "p")))
                .isFalse();
        objects.put(everywhere("nobody", "r", account("", "robot")));
        assertThat(allows(on(person("system:serviceaccount::robot"), "get", "pods", "x", "p")))
                .isFalse();
    }

    @Test
    void changesAndDeletionsTakeEffect() {
        objects.put(clusterRole("r", rule("get", "", "pods")));
        objects.put(everywhere("b", "r", user("jane"), user("joe")));
        assertThat(allows(on(person("joe"), "get", "pods", "ns", "p"))).isTrue();
        objects.put(everywhere("b", "r", user("jane")));
        assertThat(allows(on(person("joe"), "get", "pods", "ns", "p"))).isFalse();
        assertThat(allows(on(JANE, "get", "pods", "ns", "p"))).isTrue();
        objects.put(clusterRole("r", rule("list", "", "pods")));
        assertThat(allows(on(JANE, "get", "pods", "ns", "p"))).isFalse();
        objects.put(clusterRole("r", rule("get", "", "pods")));
        objects.remove(Kinds.of(ClusterRoleBinding.class), ObjectKey.cluster("b"));
        assertThat(allows(on(JANE, "get", "pods", "ns", "p"))).isFalse();
        objects.put(everywhere("b", "r", user("jane")));
        objects.remove(Kinds.of(ClusterRole.class), ObjectKey.cluster("r"));
        assertThat(allows(on(JANE, "get", "pods", "ns", "p"))).isFalse();
    }

    @Test
    void reasonsAreUpstreams() {
        objects.put(clusterRole("r", rule("get", "", "pods")));
        objects.put(everywhere("b", "r", user("jane")));
        assertThat(authorizers.authorize(on(JANE, "get", "pods", "ns", "p")).reason())
                .isEqualTo("RBAC: allowed by ClusterRoleBinding \"b\" of ClusterRole \"r\" to User \"jane\"");
        objects.put(in("ns", "rb", ref("ClusterRole", "r"), account("", "robot")));
        assertThat(authorizers
                        .authorize(on(person("system:serviceaccount:ns:robot"), "get", "pods", "ns", "p"))
                        .reason())
                .isEqualTo(
                        "RBAC: allowed by RoleBinding \"rb/ns\" of ClusterRole \"r\" to ServiceAccount \"robot/ns\"");
        objects.put(everywhere("dangling", "gone", user("jim")));
        Decision decision = authorizers.authorize(on(person("jim"), "list", "pods", "default", ""));
        assertThat(decision)
                .isEqualTo(new Decision(
                        Verdict.NO_OPINION, "RBAC: clusterrole.rbac.authorization.k8s.io \"gone\" not found"));
    }

    @Test
    void mastersMayDoAnything() {
        assertThat(allows(on(person("root", "system:masters"), "delete", "nodes", "", "n")))
                .isTrue();
        assertThat(allows(path(person("root", "system:masters"), "get", "/metrics")))
                .isTrue();
        assertThat(allows(on(person("system:masters"), "delete", "nodes", "", "n")))
                .isFalse();
    }

    @Test
    void forbiddenTextsAreUpstreams() {
        ApiException list = Forbidden.of(on(person("jane"), "list", "pods", "default", ""), "");
        assertThat(list.getMessage())
                .isEqualTo("pods is forbidden: User \"jane\" cannot list resource \"pods\" in API group \"\" in the"
                        + " namespace \"default\"");
        assertThat(list.code()).isEqualTo(403);
        assertThat(list.status().getDetails().getKind()).isEqualTo("pods");
        assertThat(Forbidden.of(on(person("jane"), "get", "deployments.apps/scale", "", "d"), "why")
                        .getMessage())
                .isEqualTo("deployments.apps \"d\" is forbidden: User \"jane\" cannot get resource"
                        + " \"deployments/scale\" in API group \"apps\" at the cluster scope: why");
        ApiException path = Forbidden.of(path(person("j<a>"), "get", "/metrics"), "");
        assertThat(path.getMessage()).isEqualTo("forbidden: User \"j&lt;a&gt;\" cannot get path \"/metrics\"");
        assertThat(path.status().hasDetails()).isTrue();
    }

    private boolean allows(RequestAttributes attributes) {
        return authorizers.authorize(attributes).verdict() == Verdict.ALLOW;
    }
}
