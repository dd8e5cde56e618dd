package io.jollyboat.apiserver.authz;

import static io.jollyboat.apiserver.authz.Rbac.clusterRole;
import static io.jollyboat.apiserver.authz.Rbac.everywhere;
import static io.jollyboat.apiserver.authz.Rbac.person;
import static io.jollyboat.apiserver.authz.Rbac.rule;
import static io.jollyboat.apiserver.authz.Rbac.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.apiserver.auth.FakeObjects;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.errors.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImpersonationTest {
    private static final UserInfo ROOT = person("root", "system:masters", "system:authenticated");
    private static final UserInfo JANE = person("jane", "system:authenticated");

    private final FakeObjects objects = new FakeObjects();
    private final Impersonation impersonation = new Impersonation(Authorizers.build(objects, List.of()));

    @Test
    void withoutHeadersTheRequesterStays() {
        assertThat(apply(JANE, "Accept", "application/json")).isEqualTo(JANE);
    }

    @Test
    void theWholeIdentityIsTakenOn() {
        UserInfo other = apply(
                ROOT,
                "Impersonate-User",
                "joe",
                "Impersonate-Group",
                "devs",
                "Impersonate-Group",
                "ops",
                "Impersonate-Uid",
                "7",
                "Impersonate-Extra-Acme.com%2Fproject",
                "a",
                "Impersonate-Extra-Acme.com%2Fproject",
                "b");
        assertThat(other)
                .isEqualTo(new UserInfo(
                        "joe",
                        "7",
                        List.of("devs", "ops", "system:authenticated"),
                        Map.of("acme.com/project", List.of("a", "b"))));
    }

    @Test
    void accountsHaveTheirGroups() {
        assertThat(apply(ROOT, "Impersonate-User", "system:serviceaccount:ns:robot")
                        .groups())
                .containsExactly("system:serviceaccounts", "system:serviceaccounts:ns", "system:authenticated");
        assertThat(apply(ROOT, "Impersonate-User", "system:anonymous").groups())
                .containsExactly("system:unauthenticated");
    }

    @Test
    void everyPartNeedsPermission() {
        assertForbidden(
                "pods is forbidden: User \"jane\" cannot impersonate-on:user-info:list resource \"pods\" in API group"
                        + " \"\" in the namespace \"ns\"",
                "Impersonate-User",
                "joe");
        objects.put(clusterRole("r", rule("impersonate", "", "users", "joe")));
        objects.put(everywhere("b", "r", user("jane")));
        assertThat(apply(JANE, "Impersonate-User", "joe").name()).isEqualTo("joe");
        assertForbidden("users \"jim\" is forbidden", "Impersonate-User", "jim");
        assertForbidden(
                "groups \"system:masters\" is forbidden: User \"jane\" cannot impersonate resource \"groups\"",
                "Impersonate-User",
                "joe",
                "Impersonate-Group",
                "system:masters");
        assertForbidden(
                "userextras.authentication.k8s.io \"v\" is forbidden: User \"jane\" cannot impersonate resource"
                        + " \"userextras/k\" in API group \"authentication.k8s.io\"",
                "Impersonate-User",
                "joe",
                "Impersonate-Extra-K",
                "v");
        assertForbidden(
                "uids.authentication.k8s.io \"1\" is forbidden", "Impersonate-User", "joe", "Impersonate-Uid", "1");
        assertForbidden("serviceaccounts \"robot\" is forbidden", "Impersonate-User", "system:serviceaccount:ns:robot");
    }

    private void allow(String name, String verb, String group, String resource, String... names) {
        objects.put(clusterRole(
                name,
                names.length == 0
                        ? rule(verb, group, resource)
                        : rule(verb, group, resource, String.join(",", names))));
        objects.put(everywhere(name, name, user("jane")));
    }

    @Test
    void constrainedImpersonationIsForSomeDeedsOnly() {
        allow("who", "impersonate:user-info", "authentication.k8s.io", "users", "joe");
        assertForbidden("cannot impersonate-on:user-info:list resource \"pods\"", "Impersonate-User", "joe");
        allow("what", "impersonate-on:user-info:list", "", "pods");
        assertThat(apply(JANE, "Impersonate-User", "joe").groups()).containsExactly("system:authenticated");
        assertForbidden(
                "users.authentication.k8s.io \"jim\" is forbidden: User \"jane\" cannot impersonate:user-info resource"
                        + " \"users\"",
                "Impersonate-User",
                "jim");
        allow("groups", "impersonate:user-info", "authentication.k8s.io", "groups");
        assertThat(apply(JANE, "Impersonate-User", "joe", "Impersonate-Group", "devs")
                        .groups())
                .containsExactly("devs", "system:authenticated");
        assertForbidden(
                "impersonating the system:masters group is not allowed",
                "Impersonate-User",
                "joe",
                "Impersonate-Group",
                "system:masters");
        // Nodes and accounts are other modes.
        assertForbidden("cannot impersonate-on:arbitrary-node:list", "Impersonate-User", "system:node:n1");
        assertForbidden(
                "cannot impersonate-on:serviceaccount:list", "Impersonate-User", "system:serviceaccount:ns:robot");
        allow("node", "impersonate:arbitrary-node", "authentication.k8s.io", "nodes", "n1");
        allow("nodes", "impersonate-on:arbitrary-node:list", "", "pods");
        assertThat(apply(JANE, "Impersonate-User", "system:node:n1").groups())
                .containsExactly("system:nodes", "system:authenticated");
        assertForbidden("nodes.authentication.k8s.io \"n2\" is forbidden", "Impersonate-User", "system:node:n2");
    }

    @Test
    void anAgentActsAsTheNodeItRunsOn() {
        UserInfo agent = new UserInfo(
                "system:serviceaccount:ns:agent",
                "u",
                List.of("system:serviceaccounts"),
                Map.of("authentication.kubernetes.io/node-name", List.of("n1")));
        objects.put(clusterRole("a", rule("impersonate:associated-node", "authentication.k8s.io", "nodes")));
        objects.put(everywhere("a", "a", user(agent.name())));
        objects.put(clusterRole("b", rule("impersonate-on:associated-node:list", "", "pods")));
        objects.put(everywhere("b", "b", user(agent.name())));
        assertThat(apply(agent, "Impersonate-User", "system:node:n1").name()).isEqualTo("system:node:n1");
        assertThatThrownBy(() -> apply(agent, "Impersonate-User", "system:node:n2"))
                .hasMessageContaining("is forbidden");
    }

    @Test
    void groupsWithoutAUserMakeNoSense() {
        assertThatThrownBy(() -> apply(ROOT, "Impersonate-Group", "devs"))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
    }

    private void assertForbidden(String text, String... headers) {
        assertThatThrownBy(() -> apply(JANE, headers))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(403))
                .hasMessageContaining(text);
    }

    private UserInfo apply(UserInfo requester, String... headers) {
        List<Map.Entry<String, String>> entries = new ArrayList<>();
        for (int i = 0; i < headers.length; i += 2) {
            entries.add(Map.entry(headers[i], headers[i + 1]));
        }
        return impersonation
                .apply(requester, entries, () -> listOfPods(requester))
                .user();
    }

    private static RequestAttributes listOfPods(UserInfo requester) {
        return new RequestAttributes(requester, "list", true, "", "v1", "pods", "", "ns", "", "", "", "");
    }
}
