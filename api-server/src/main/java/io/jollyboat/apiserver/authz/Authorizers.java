package io.jollyboat.apiserver.authz;

import io.jollyboat.api.rbac.v1.PolicyRule;
import io.jollyboat.apiserver.auth.Authorizer;
import io.jollyboat.apiserver.auth.Groups;
import io.jollyboat.apiserver.auth.ObjectLookup;
import io.jollyboat.apiserver.auth.RequestAttributes;
import java.util.ArrayList;
import java.util.List;

/** All authorizers of a server, in order: system:masters, the node authorizer, RBAC. */
public final class Authorizers implements Authorizer {
    private static final Decision MASTER = new Decision(Verdict.ALLOW, "");

    private final List<Authorizer> chain;
    private final EscalationCheck escalation;
    private final AccessReviews reviews;

    private Authorizers(NodeAuthorizer nodes, RbacRules rules) {
        this.chain = List.of(Authorizers::masters, nodes, new RbacAuthorizer(rules));
        this.escalation = new EscalationCheck(this, rules);
        this.reviews = new AccessReviews(this, rules);
    }

    /** @param nodeRules what all nodes may do alike: the rules of the role system:node */
    public static Authorizers build(ObjectLookup objects, List<PolicyRule> nodeRules) {
        return new Authorizers(new NodeAuthorizer(new NodeGraph(objects), Rule.all(nodeRules)), new RbacRules(objects));
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
        List<String> reasons = new ArrayList<>(0);
        for (Authorizer authorizer : chain) {
            Decision decision = authorizer.authorize(attributes);
            if (decision.verdict() != Verdict.NO_OPINION) {
                return decision;
            }
            if (!decision.reason().isEmpty()) {
                reasons.add(decision.reason());
            }
        }
        return reasons.isEmpty() ? Decision.NO_OPINION : new Decision(Verdict.NO_OPINION, String.join("\n", reasons));
    }

    private static Decision masters(RequestAttributes attributes) {
        return attributes.user().groups().contains(Groups.MASTERS) ? MASTER : Decision.NO_OPINION;
    }
}
