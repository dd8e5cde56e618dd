package io.jollyboat.apiserver.authz;

import io.jollyboat.api.rbac.v1.PolicyRule;
import java.util.ArrayList;
import java.util.List;

/** Compares sets of rules by what they allow, however they are written. */
public final class RuleCoverage {
    private RuleCoverage() {}

    /** What the wanted rules allow and the held ones do not, as rules of one verb and one resource each. */
    public static List<PolicyRule> missing(List<PolicyRule> held, List<PolicyRule> wanted) {
        return missingParts(Rule.all(held), Rule.all(wanted)).stream()
                .map(Rule::toMessage)
                .toList();
    }

    static List<Rule> missingParts(List<Rule> held, List<Rule> wanted) {
        List<Rule> missing = new ArrayList<>();
        for (Rule rule : wanted) {
            for (Rule part : rule.breakDown()) {
                if (held.stream().noneMatch(own -> own.covers(part))) {
                    missing.add(part);
                }
            }
        }
        return missing;
    }
}
