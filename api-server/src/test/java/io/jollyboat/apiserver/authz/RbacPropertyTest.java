package io.jollyboat.apiserver.authz;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.rbac.v1.PolicyRule;
import io.jollyboat.apiserver.auth.Authorizer.Verdict;
import io.jollyboat.apiserver.auth.FakeObjects;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.auth.UserInfo;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Random roles and bindings against a judge that knows no index: allowed exactly if some bound rule says so. */
class RbacPropertyTest {
    private static final List<String> NAMESPACES = List.of("", "a", "b");

    /** One role with one rule, one binding; where it is bound, and to whom. */
    record Grant(PolicyRule rule, String namespace, boolean group, String holder) {}

    record Request(
            String user, Set<String> groups, String verb, String resource, String sub, String namespace, String name) {}

    @Property(tries = 2000)
    void allowedExactlyWhenABoundRuleMatches(
            @ForAll("grants") List<Grant> grants, @ForAll("requests") Request request) {
        FakeObjects objects = new FakeObjects();
        Authorizers authorizers = Authorizers.build(objects, List.of());
        for (int i = 0; i < grants.size(); i++) {
            Grant grant = grants.get(i);
            var subject = grant.group ? Rbac.group(grant.holder) : Rbac.user(grant.holder);
            objects.put(Rbac.clusterRole("r" + i, grant.rule));
            if (grant.namespace.isEmpty()) {
                objects.put(Rbac.everywhere("b" + i, "r" + i, subject));
            } else {
                objects.put(Rbac.in(grant.namespace, "b" + i, Rbac.ref("ClusterRole", "r" + i), subject));
            }
        }
        UserInfo user = new UserInfo(request.user, List.copyOf(request.groups));
        RequestAttributes attributes = new RequestAttributes(
                user,
                request.verb,
                true,
                "",
                "v1",
                request.resource,
                request.sub,
                request.namespace,
                request.name,
                "",
                "",
                "");
        boolean expected = grants.stream().anyMatch(grant -> holds(grant, request) && matches(grant.rule, request));
        assertThat(authorizers.authorize(attributes).verdict() == Verdict.ALLOW).isEqualTo(expected);
    }

    private static boolean holds(Grant grant, Request request) {
        boolean subject = grant.group ? request.groups.contains(grant.holder) : request.user.equals(grant.holder);
        return subject && (grant.namespace.isEmpty() || grant.namespace.equals(request.namespace));
    }

    private static boolean matches(PolicyRule rule, Request request) {
        String whole = request.sub.isEmpty() ? request.resource : request.resource + "/" + request.sub;
        boolean resource = rule.getResourcesList().contains("*")
                || rule.getResourcesList().contains(whole)
                || (!request.sub.isEmpty() && rule.getResourcesList().contains("*/" + request.sub));
        boolean verb = rule.getVerbsList().contains("*") || rule.getVerbsList().contains(request.verb);
        boolean name =
                rule.getResourceNamesCount() == 0 || rule.getResourceNamesList().contains(request.name);
        return resource && verb && name;
    }

    @Provide
    Arbitrary<List<Grant>> grants() {
        Arbitrary<PolicyRule> rules = Combinators.combine(
                        Arbitraries.of("get", "list", "*").set().ofMinSize(1).ofMaxSize(2),
                        Arbitraries.of("pods", "pods/log", "*/log", "secrets", "*")
                                .set()
                                .ofMinSize(1)
                                .ofMaxSize(2),
                        Arbitraries.of("x", "y").set().ofMaxSize(1))
                .as((verbs, resources, names) -> PolicyRule.newBuilder()
                        .addAllVerbs(verbs)
                        .addApiGroups("")
                        .addAllResources(resources)
                        .addAllResourceNames(names)
                        .build());
        return Combinators.combine(
                        rules, Arbitraries.of(NAMESPACES), Arbitraries.of(true, false), Arbitraries.of("u", "v", "g"))
                .as(Grant::new)
                .list()
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<Request> requests() {
        return Combinators.combine(
                        Arbitraries.of("u", "v", "g"),
                        Arbitraries.of("g", "u").set().ofMaxSize(2),
                        Arbitraries.of("get", "list"),
                        Arbitraries.of("pods", "secrets"),
                        Arbitraries.of("", "log"),
                        Arbitraries.of(NAMESPACES),
                        Arbitraries.of("", "x", "y"))
                .as(Request::new);
    }
}
