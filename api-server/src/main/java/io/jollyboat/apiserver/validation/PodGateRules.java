package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.Affinity;
import io.jollyboat.api.core.v1.NodeAffinity;
import io.jollyboat.api.core.v1.NodeSelectorRequirement;
import io.jollyboat.api.core.v1.NodeSelectorTerm;
import io.jollyboat.api.core.v1.PodSpec;
import java.util.List;

/** A pod that waits at a gate may still be told more narrowly where to go. */
final class PodGateRules {
    private static final String TERMS =
            "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";

    private PodGateRules() {}

    static void check(Errors errors, PodSpec spec, PodSpec old) {
        boolean kept = spec.getNodeSelectorMap()
                .entrySet()
                .containsAll(old.getNodeSelectorMap().entrySet());
        if (!kept) {
            errors.invalid(
                    "spec.nodeSelector",
                    Errors.shown(spec.getNodeSelectorMap()),
                    "only additions to spec.nodeSelector are allowed (no mutations or deletions)");
        }
        terms(errors, terms(spec.getAffinity()), terms(old.getAffinity()));
    }

    private static List<NodeSelectorTerm> terms(Affinity affinity) {
        NodeAffinity nodes = affinity.getNodeAffinity();
        return nodes.getRequiredDuringSchedulingIgnoredDuringExecution().getNodeSelectorTermsList();
    }

    private static void terms(Errors errors, List<NodeSelectorTerm> now, List<NodeSelectorTerm> before) {
        if (!before.isEmpty() && now.size() != before.size()) {
            errors.invalid(
                    TERMS,
                    Errors.listOrNull(now),
                    "no additions/deletions to non-empty NodeSelectorTerms list are allowed");
            return;
        }
        for (int i = 0; i < before.size(); i++) {
            if (!onlyAdds(now.get(i), before.get(i))) {
                errors.invalid(
                        TERMS + "[" + i + "]",
                        Errors.shown(now.get(i)),
                        "only additions are allowed (no mutations or deletions)");
            }
        }
    }

    /** An empty term matches nothing, so that an addition would widen it. */
    private static boolean onlyAdds(NodeSelectorTerm now, NodeSelectorTerm before) {
        boolean empty = before.getMatchExpressionsCount() + before.getMatchFieldsCount() == 0;
        if (empty && now.getMatchExpressionsCount() + now.getMatchFieldsCount() > 0) {
            return false;
        }
        return begins(now.getMatchExpressionsList(), before.getMatchExpressionsList())
                && begins(now.getMatchFieldsList(), before.getMatchFieldsList());
    }

    private static boolean begins(List<NodeSelectorRequirement> now, List<NodeSelectorRequirement> before) {
        return now.size() >= before.size() && now.subList(0, before.size()).equals(before);
    }

    /** The new spec with what a gate leaves open set back. */
    static void restore(PodSpec.Builder spec, PodSpec old) {
        spec.clearNodeSelector().putAllNodeSelector(old.getNodeSelectorMap());
        Affinity.Builder affinity = spec.getAffinity().toBuilder().clearNodeAffinity();
        if (old.getAffinity().hasNodeAffinity()) {
            affinity.setNodeAffinity(old.getAffinity().getNodeAffinity());
        }
        boolean none = affinity.build().equals(Affinity.getDefaultInstance());
        if (none && !old.hasAffinity()) {
            spec.clearAffinity();
        } else if (!none || spec.hasAffinity()) {
            spec.setAffinity(affinity);
        }
    }
}
