package io.jollyboat.apiserver.authz;

import static io.jollyboat.apiserver.authz.Rbac.clusterRole;
import static io.jollyboat.apiserver.authz.Rbac.everywhere;
import static io.jollyboat.apiserver.authz.Rbac.in;
import static io.jollyboat.apiserver.authz.Rbac.person;
import static io.jollyboat.apiserver.authz.Rbac.ref;
import static io.jollyboat.apiserver.authz.Rbac.role;
import static io.jollyboat.apiserver.authz.Rbac.rule;
import static io.jollyboat.apiserver.authz.Rbac.urls;
import static io.jollyboat.apiserver.authz.Rbac.user;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.LabelSelector;
import io.jollyboat.api.rbac.v1.AggregationRule;
import io.jollyboat.api.rbac.v1.ClusterRole;
import io.jollyboat.api.rbac.v1.PolicyRule;
import io.jollyboat.api.rbac.v1.Role;
import io.jollyboat.apiserver.auth.FakeObjects;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.errors.ApiException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EscalationCheckTest {
    private static final UserInfo JANE = person("jane", "devs", "system:authenticated");

    private final FakeObjects objects = new FakeObjects();
    private final EscalationCheck check = Authorizers.build(objects, List.of()).escalation();

    /** Whether whoever holds the first rule may give the second. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "get list | '' | pods | '' | get | '' | pods | '' | true",
                "get | '' | pods | '' | get list | '' | pods | '' | false",
                "* | '' | pods | '' | delete | '' | pods | '' | true",
                "get | '' | pods | '' | * | '' | pods | '' | false",
                "get | '' | pods | '' | get | '' | pods/log | '' | false",
                "get | '' | */log | '' | get | '' | pods/log | '' | true",
                "get | '' | * | '' | get | '' | pods/log | '' | true",
                "get | '' | pods | '' | get | '' | * | '' | false",
                "get | * | * | '' | get | apps | deployments | '' | true",
                "get | apps | * | '' | get | * | deployments | '' | false",
                "get | '' | pods | a b | get | '' | pods | a | true",
                "get | '' | pods | a | get | '' | pods | '' | false",
                "get | '' | pods | '' | get | '' | pods | a | true",
                "get | '' | pods | a | get | '' | pods | a b | false",
            })
    void roles(
            String verbs,
            String groups,
            String resources,
            String names,
            String verbs2,
            String groups2,
            String resources2,
            String names2,
            boolean allowed) {
        hold(rule(verbs, groups, resources, names));
        Role wanted = role("ns", "wanted", rule(verbs2, groups2, resources2, names2));
        if (allowed) {
            assertThatCode(() -> check.check(JANE, "ns", "", null, wanted)).doesNotThrowAnyException();
        } else {
            assertForbidden(wanted, "is attempting to grant RBAC permissions not currently held");
        }
    }

    @Test
    void saysWhatIsMissingInUpstreamsWords() {
        hold(rule("get", "", "pods"));
        Role wanted = role("ns", "wanted", rule("get list watch", "", "pods secrets"));
        assertThatThrownBy(() -> check.check(JANE, "ns", "", null, wanted))
                .hasMessage("roles.rbac.authorization.k8s.io \"wanted\" is forbidden: user \"jane\" (groups=[\"devs\""
                        + " \"system:authenticated\"]) is attempting to grant RBAC permissions not currently held:\n"
                        + "{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"list\" \"watch\"]}\n"
                        + "{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\" \"list\" \"watch\"]}");
    }

    @Test
    void pathsNeedPaths() {
        hold(urls("get", "/healthz/*"));
        assertThatCode(() -> check.check(JANE, "", "", null, clusterRole("c", urls("get", "/healthz/x"))))
                .doesNotThrowAnyException();
        assertForbidden(clusterRole("c", urls("get", "/metrics")), "{NonResourceURLs:[\"/metrics\"], Verbs:[\"get\"]}");
    }

    @Test
    void rightsInOneNamespaceGrantNothingInAnother() {
        objects.put(clusterRole("held", rule("get", "", "pods")));
        objects.put(in("ns", "b", ref("ClusterRole", "held"), user("jane")));
        Role here = role("ns", "r", rule("get", "", "pods"));
        Role there = role("other", "r", rule("get", "", "pods"));
        assertThatCode(() -> check.check(JANE, "ns", "", null, here)).doesNotThrowAnyException();
        assertThatThrownBy(() -> check.check(JANE, "other", "", null, there)).isInstanceOf(ApiException.class);
        assertThatThrownBy(() -> check.check(JANE, "", "", null, clusterRole("c", rule("get", "", "pods"))))
                .isInstanceOf(ApiException.class);
    }

    @Test
    void whoMayEscalateMayGrantAnything() {
        hold(rule("escalate", "rbac.authorization.k8s.io", "roles"));
        assertThatCode(() -> check.check(JANE, "ns", "", null, role("ns", "r", rule("*", "*", "*"))))
                .doesNotThrowAnyException();
        assertForbidden(clusterRole("c", rule("*", "*", "*")), "not currently held");
    }

    @Test
    void bindingNeedsTheRightsOrTheVerb() {
        objects.put(clusterRole("strong", rule("*", "*", "*")));
        objects.put(clusterRole("weak", rule("get", "", "pods")));
        hold(rule("get", "", "pods"));
        assertThatCode(() -> check.check(JANE, "", "", null, everywhere("b", "weak", user("x"))))
                .doesNotThrowAnyException();
        assertForbidden(
                everywhere("b", "strong", user("x")),
                "clusterrolebindings.rbac.authorization.k8s.io \"b\" is forbidden");
        objects.put(clusterRole("binder", rule("bind", "rbac.authorization.k8s.io", "clusterroles", "strong")));
        objects.put(in("ns", "binders", ref("ClusterRole", "binder"), user("jane")));
        assertThatCode(() -> check.check(JANE, "ns", "", null, in("ns", "b", ref("ClusterRole", "strong"), user("x"))))
                .doesNotThrowAnyException();
        assertForbidden(everywhere("b", "strong", user("x")), "not currently held");
    }

    @Test
    void bindingToAMissingRoleNeedsTheVerb() {
        hold(rule("*", "", "pods"));
        assertThatThrownBy(() -> check.check(JANE, "", "", null, everywhere("b", "gone", user("x"))))
                .hasMessage("clusterrolebindings.rbac.authorization.k8s.io \"gone\" not found");
    }

    @Test
    void aggregationNeedsEverything() {
        hold(rule("get list watch create update patch delete", "*", "*"));
        ClusterRole aggregated = clusterRole("c").toBuilder()
                .setAggregationRule(AggregationRule.newBuilder()
                        .addClusterRoleSelectors(LabelSelector.newBuilder().putMatchLabels("a", "b")))
                .build();
        assertForbidden(aggregated, "must have cluster-admin privileges to use the aggregationRule");
        objects.put(clusterRole("all", rule("*", "*", "*"), urls("*", "*")));
        objects.put(everywhere("all", "all", user("jane")));
        assertThatCode(() -> check.check(JANE, "", "", null, aggregated)).doesNotThrowAnyException();
    }

    @Test
    void theGarbageCollectorMayDropOwnersOfStrongRoles() {
        Role before = role("ns", "r", rule("*", "*", "*"));
        Role.Builder after = before.toBuilder();
        after.getMetadataBuilder().addFinalizers("foregroundDeletion").setResourceVersion("7");
        assertThatCode(() -> check.check(JANE, "ns", "r", before, after.build()))
                .doesNotThrowAnyException();
        after.getMetadataBuilder().putLabels("a", "b");
        assertThatThrownBy(() -> check.check(JANE, "ns", "r", before, after.build()))
                .isInstanceOf(ApiException.class);
    }

    @Test
    void mastersMayGrantAnything() {
        assertThatCode(() -> check.check(
                        person("root", "system:masters"), "", "", null, clusterRole("c", rule("*", "*", "*"))))
                .doesNotThrowAnyException();
    }

    private void hold(PolicyRule rule) {
        objects.put(clusterRole("held", rule));
        objects.put(everywhere("held", "held", user("jane")));
    }

    private void assertForbidden(Message wanted, String text) {
        String namespace = wanted instanceof Role ? "ns" : "";
        assertThatThrownBy(() -> check.check(JANE, namespace, "", null, wanted))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> org.assertj.core.api.Assertions.assertThat(e.code())
                                .isEqualTo(403))
                .hasMessageContaining(text);
    }
}
