package io.jollyboat.apiserver.authz;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.rbac.v1.PolicyRule;
import io.jollyboat.apiserver.Seeds;
import io.jollyboat.apiserver.auth.Authorizer.Verdict;
import io.jollyboat.apiserver.auth.FakeObjects;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.auth.UserInfo;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random roles and bindings against a judge that knows no index: allowed exactly if some bound rule says so. */
class RbacPropertyTest {
    private static final List<String> NAMESPACES = List.of("", "a", "b");

    /** One role with one rule, one binding; where it is bound, and to whom. */
    record Grant(PolicyRule rule, String namespace, boolean group, String holder) {}

    record Request(
            String user, Set<String> groups, String verb, String resource, String sub, String namespace, String name) {}

    @Test
    void allowedExactlyWhenABoundRuleMatches() {
        Seeds.each(2000, random -> check(grants(random), request(random)));
    }

    private static void check(List<Grant> grants, Request request) {
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
        assertThat(authorizers.authorize(attributes).verdict() == Verdict.ALLOW)
                .as("%s with %s", request, grants)
                .isEqualTo(expected);
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

    private static List<Grant> grants(Random random) {
        List<Grant> grants = new ArrayList<>();
        for (int count = random.nextInt(5); count > 0; count--) {
            PolicyRule rule = PolicyRule.newBuilder()
                    .addAllVerbs(some(random, 1, 2, "get", "list", "*"))
                    .addApiGroups("")
                    .addAllResources(some(random, 1, 2, "pods", "pods/log", "*/log", "secrets", "*"))
                    .addAllResourceNames(some(random, 0, 1, "x", "y"))
                    .build();
            grants.add(new Grant(
                    rule,
                    NAMESPACES.get(random.nextInt(NAMESPACES.size())),
                    random.nextBoolean(),
                    one(random, "u", "v", "g")));
        }
        return grants;
    }

    private static Request request(Random random) {
        return new Request(
                one(random, "u", "v", "g"),
                some(random, 0, 2, "g", "u"),
                one(random, "get", "list"),
                one(random, "pods", "secrets"),
                one(random, "", "log"),
                NAMESPACES.get(random.nextInt(NAMESPACES.size())),
                one(random, "", "x", "y"));
    }

    private static String one(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static Set<String> some(Random random, int least, int most, String... choices) {
        int count = least + random.nextInt(most - least + 1);
        Set<String> some = new LinkedHashSet<>();
        while (some.size() < count) {
            some.add(one(random, choices));
        }
        return some;
    }
}
