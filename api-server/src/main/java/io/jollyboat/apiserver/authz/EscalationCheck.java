package io.jollyboat.apiserver.authz;

import com.google.protobuf.Message;
import io.jollyboat.api.rbac.v1.ClusterRole;
import io.jollyboat.api.rbac.v1.ClusterRoleBinding;
import io.jollyboat.api.rbac.v1.Role;
import io.jollyboat.api.rbac.v1.RoleBinding;
import io.jollyboat.api.rbac.v1.RoleRef;
import io.jollyboat.apiserver.auth.Authorizer;
import io.jollyboat.apiserver.auth.Authorizer.Verdict;
import io.jollyboat.apiserver.auth.Groups;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.errors.ApiException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Nobody may give rights they do not hold: checks every write of a role against the writer's own rules unless they may
 * {@code escalate}, and every write of a binding unless they may {@code bind}. The request path calls it for the four
 * RBAC kinds after validation.
 */
public final class EscalationCheck {
    private static final String GROUP = "rbac.authorization.k8s.io";
    private static final List<Rule> EVERYTHING = List.of(
            new Rule(List.of("*"), List.of("*"), List.of("*"), List.of(), List.of()),
            new Rule(List.of("*"), List.of(), List.of(), List.of(), List.of("*")));

    private final Authorizer authorizer;
    private final RbacRules rules;

    EscalationCheck(Authorizer authorizer, RbacRules rules) {
        this.authorizer = authorizer;
        this.rules = rules;
    }

    /**
     * Refuses a write that would grant more than the user holds. Objects of other kinds pass.
     *
     * @param namespace of the request, empty at cluster scope
     * @param name of the URL, empty when the object is created
     * @param before null when the object is created
     * @throws ApiException 403; 404 when a binding's role does not exist and the user may not bind it blindly
     */
    public void check(UserInfo user, String namespace, String name, Message before, Message after) {
        if (user.groups().contains(Groups.MASTERS)) {
            return;
        }
        switch (after) {
            case Role role -> checkRole(user, "roles", namespace, name, before, after, Rule.all(role.getRulesList()));
            case ClusterRole role -> {
                checkRole(user, "clusterroles", "", name, before, after, Rule.all(role.getRulesList()));
                checkAggregation(user, name, before, role);
            }
            case RoleBinding binding ->
                checkBinding(
                        user,
                        "rolebindings",
                        namespace,
                        binding.getMetadata().getName(),
                        before,
                        after,
                        binding.getRoleRef());
            case ClusterRoleBinding binding ->
                checkBinding(
                        user,
                        "clusterrolebindings",
                        "",
                        binding.getMetadata().getName(),
                        before,
                        after,
                        binding.getRoleRef());
            default -> {
                // Grants nothing.
            }
        }
    }

    private void checkRole(
            UserInfo user,
            String plural,
            String namespace,
            String name,
            Message before,
            Message after,
            List<Rule> wanted) {
        if (mayEscalate(user, plural, namespace, name) || onlyForCollection(before, after)) {
            return;
        }
        refuseWhatIsNotHeld(user, namespace, plural, nameOf(after), wanted);
    }

    private void checkAggregation(UserInfo user, String name, Message before, ClusterRole after) {
        boolean aggregates = aggregates(after) || (before instanceof ClusterRole old && aggregates(old));
        if (!aggregates || mayEscalate(user, "clusterroles", "", name) || onlyForCollection(before, after)) {
            return;
        }
        if (!missing(user, "", EVERYTHING, new ArrayList<>()).isEmpty()) {
            throw ApiException.forbidden(
                    GROUP,
                    "clusterroles",
                    nameOf(after),
                    "must have cluster-admin privileges to use the aggregationRule");
        }
    }

    private static boolean aggregates(ClusterRole role) {
        return role.getAggregationRule().getClusterRoleSelectorsCount() > 0;
    }

    private void checkBinding(
            UserInfo user, String plural, String namespace, String name, Message before, Message after, RoleRef role) {
        if (onlyForCollection(before, after) || mayBind(user, namespace, role)) {
            return;
        }
        List<Rule> granted = rules.rules(role, namespace);
        if (granted == null) {
            // Upstream names the binding's resource here, and the role.
            throw ApiException.notFound(GROUP, plural, role.getName());
        }
        refuseWhatIsNotHeld(user, namespace, plural, name, granted);
    }

    private boolean mayEscalate(UserInfo user, String plural, String namespace, String name) {
        return allowed(user, "escalate", plural, namespace, name);
    }

    private boolean mayBind(UserInfo user, String namespace, RoleRef role) {
        return switch (role.getKind()) {
            case "ClusterRole" -> allowed(user, "bind", "clusterroles", namespace, role.getName());
            case "Role" -> allowed(user, "bind", "roles", namespace, role.getName());
            default -> false;
        };
    }

    private boolean allowed(UserInfo user, String verb, String plural, String namespace, String name) {
        RequestAttributes attributes =
                new RequestAttributes(user, verb, true, GROUP, "*", plural, "", namespace, name, "", "", "");
        return authorizer.authorize(attributes).verdict() == Verdict.ALLOW;
    }

    private void refuseWhatIsNotHeld(UserInfo user, String namespace, String plural, String name, List<Rule> wanted) {
        List<String> errors = new ArrayList<>();
        List<Rule> missing = missing(user, namespace, wanted, errors);
        if (missing.isEmpty()) {
            return;
        }
        TreeSet<String> lines = new TreeSet<>();
        compact(missing).forEach(rule -> lines.add(rule.describe()));
        String text = "user " + GoText.quoted(user.name()) + " (groups=" + GoText.quoted(user.groups())
                + ") is attempting to grant RBAC permissions not currently held:\n" + String.join("\n", lines);
        if (!errors.isEmpty()) {
            text += "; resolution errors: "
                    + (errors.size() == 1 ? "[" + errors.getFirst() + "]" : GoText.aggregate(errors));
        }
        throw ApiException.forbidden(GROUP, plural, name, text);
    }

    private List<Rule> missing(UserInfo user, String namespace, List<Rule> wanted, List<String> errors) {
        return RuleCoverage.missingParts(rules.rulesFor(user, namespace, errors), wanted);
    }

    // Parts that differ only by verb become one line.
    private static List<Rule> compact(List<Rule> parts) {
        Map<Rule, List<String>> verbs = new LinkedHashMap<>();
        List<Rule> compact = new ArrayList<>();
        for (Rule part : parts) {
            if (!part.nonResourceUrls().isEmpty()) {
                compact.add(part);
                continue;
            }
            Rule withoutVerbs =
                    new Rule(List.of(), part.apiGroups(), part.resources(), part.resourceNames(), List.of());
            verbs.computeIfAbsent(withoutVerbs, any -> new ArrayList<>()).addAll(part.verbs());
        }
        verbs.forEach((rule, all) -> compact.add(
                new Rule(List.copyOf(all), rule.apiGroups(), rule.resources(), rule.resourceNames(), List.of())));
        return compact;
    }

    // The garbage collector drops owners and finalizers of roles whose rights it does not hold.
    private static boolean onlyForCollection(Message before, Message after) {
        return before != null && CollectionFields.strip(before).equals(CollectionFields.strip(after));
    }

    private static String nameOf(Message object) {
        return CollectionFields.meta(object).getName();
    }
}
