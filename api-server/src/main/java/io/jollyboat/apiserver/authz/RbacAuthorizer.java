package io.jollyboat.apiserver.authz;

import io.jollyboat.apiserver.auth.Authorizer;
import io.jollyboat.apiserver.auth.RequestAttributes;
import java.util.ArrayList;
import java.util.List;

/** Allows what a rule of one of the user's roles allows; has no opinion otherwise. */
final class RbacAuthorizer implements Authorizer {
    private final RbacRules rules;

    RbacAuthorizer(RbacRules rules) {
        this.rules = rules;
    }

    @Override
    public Decision authorize(RequestAttributes attributes) {
        Search search = new Search(attributes);
        rules.visit(attributes.user(), attributes.namespace(), search);
        if (search.found != null) {
            return new Decision(Verdict.ALLOW, "RBAC: allowed by " + search.found.describe());
        }
        return search.errors.isEmpty()
                ? Decision.NO_OPINION
                : new Decision(Verdict.NO_OPINION, "RBAC: " + GoText.aggregate(search.errors));
    }

    private static final class Search implements RbacRules.Visitor {
        private final RequestAttributes attributes;
        private final List<String> errors = new ArrayList<>(0);
        private BindingIndex.Grant found;

        private Search(RequestAttributes attributes) {
            this.attributes = attributes;
        }

        @Override
        public boolean visit(BindingIndex.Grant grant, Rule rule) {
            if (!rule.allows(attributes)) {
                return true;
            }
            found = grant;
            return false;
        }

        @Override
        public void unresolved(String error) {
            errors.add(error);
        }
    }
}
