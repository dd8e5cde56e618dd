package io.jollyboat.apiserver.authz;

import io.jollyboat.api.rbac.v1.PolicyRule;
import io.jollyboat.apiserver.auth.Authorizer;
import io.jollyboat.apiserver.auth.Groups;
import io.jollyboat.apiserver.auth.NodeIdentity;
import io.jollyboat.apiserver.auth.ObjectLookup;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.auth.UserInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * All authorizers of a server, in order: system:masters, then what is configured; where nothing is, the node authorizer
 * and RBAC.
 */
public final class Authorizers implements Authorizer {
    private static final Decision MASTER = new Decision(Verdict.ALLOW, "");
    private static final Decision ALLOWED = new Decision(Verdict.ALLOW, "");
    private static final Decision FORBIDDEN = new Decision(Verdict.NO_OPINION, "Everything is forbidden.");
    private static final Rule EVERYTHING = new Rule(List.of("*"), List.of("*"), List.of("*"), List.of(), List.of());
    private static final Rule EVERY_PATH = new Rule(List.of("*"), List.of(), List.of(), List.of(), List.of("*"));

    private final RbacRules rules;
    private final Link nodes;
    private final Link rbac;
    private final EscalationCheck escalation;
    private final AccessReviews reviews;
    private volatile List<Link> chain;

    private Authorizers(NodeAuthorizer nodes, RbacRules rules) {
        this.rules = rules;
        this.nodes = new Link(nodes, Authorizers::nodeRules);
        this.rbac = new Link(new RbacAuthorizer(rules), this::rbacRules);
        this.chain = List.of(this.nodes, rbac);
        this.escalation = new EscalationCheck(this, rules);
        this.reviews = new AccessReviews(this, this::rulesFor);
    }

    /** Tells what a user may do in a namespace, as far as it can be told. */
    interface RuleSource {
        /**
         * @param errors receives what could not be resolved
         * @return false where there may be more rules
         */
        boolean addTo(UserInfo user, String namespace, List<Rule> rules, List<String> errors);
    }

    /** One of the chain. */
    record Link(Authorizer authorizer, RuleSource rules) {
        static final Link ALLOW = new Link(any -> ALLOWED, (user, namespace, rules, errors) -> {
            rules.add(EVERYTHING);
            rules.add(EVERY_PATH);
            return true;
        });
        static final Link DENY = new Link(any -> FORBIDDEN, (user, namespace, rules, errors) -> true);

        static Link webhook(WebhookAuthorizer webhook) {
            return new Link(webhook, (user, namespace, rules, errors) -> {
                errors.add("webhook authorizer does not support user rule resolution");
                return false;
            });
        }
    }

    /** @param nodeRules what all nodes may do alike: the rules of the role system:node */
    public static Authorizers build(ObjectLookup objects, List<PolicyRule> nodeRules) {
        return new Authorizers(new NodeAuthorizer(new NodeGraph(objects), Rule.all(nodeRules)), new RbacRules(objects));
    }

    Link nodes() {
        return nodes;
    }

    Link rbac() {
        return rbac;
    }

    /** From here on these decide. */
    void replace(List<Link> links) {
        chain = List.copyOf(links);
    }

    /** For writes of roles and bindings. */
    public EscalationCheck escalation() {
        return escalation;
    }

    /** For SubjectAccessReview and its kin. */
    public AccessReviews reviews() {
        return reviews;
    }

    @Override
    public Decision authorize(RequestAttributes attributes) {
        if (attributes.user().groups().contains(Groups.MASTERS)) {
            return MASTER;
        }
        List<String> reasons = new ArrayList<>(0);
        List<String> errors = new ArrayList<>(0);
        for (Link link : chain) {
            Decision decision = link.authorizer().authorize(attributes);
            if (decision.verdict() != Verdict.NO_OPINION) {
                return decision;
            }
            if (!decision.reason().isEmpty()) {
                reasons.add(decision.reason());
            }
            if (!decision.error().isEmpty()) {
                errors.add(decision.error());
            }
        }
        return reasons.isEmpty() && errors.isEmpty()
                ? Decision.NO_OPINION
                : new Decision(
                        Verdict.NO_OPINION,
                        String.join("\n", reasons),
                        errors.isEmpty() ? "" : GoText.aggregate(errors));
    }

    private boolean rulesFor(UserInfo user, String namespace, List<Rule> found, List<String> errors) {
        boolean whole = true;
        for (Link link : chain) {
            whole &= link.rules().addTo(user, namespace, found, errors);
        }
        return whole;
    }

    private static boolean nodeRules(UserInfo user, String namespace, List<Rule> found, List<String> errors) {
        if (NodeIdentity.of(user).isEmpty()) {
            return true;
        }
        errors.add("node authorizer does not support user rule resolution");
        return false;
    }

    private boolean rbacRules(UserInfo user, String namespace, List<Rule> found, List<String> errors) {
        found.addAll(rules.rulesFor(user, namespace, errors));
        return true;
    }
}
