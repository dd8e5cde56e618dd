package io.jollyboat.scheduler.plugins;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.TopologySpreadConstraint;
import io.jollyboat.api.meta.v1.LabelSelector;
import io.jollyboat.api.meta.v1.LabelSelectorRequirement;
import io.jollyboat.scheduler.framework.NodeView;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.selectors.LabelMatcher;
import io.jollyboat.selectors.LabelSelectors;
import java.util.List;
import java.util.Map;

/**
 * One of a pod's topology spread constraints, ready to count by.
 *
 * @param key the node label whose values are the domains
 * @param minDomains with fewer domains than this, the emptiest counts as empty
 * @param honorAffinity nodes that the pod's node affinity leaves out do not count
 * @param honorTaints nodes whose taints the pod does not tolerate do not count
 */
record SpreadRule(
        String key, int maxSkew, LabelMatcher selector, int minDomains, boolean honorAffinity, boolean honorTaints) {
    static final String HARD = "DoNotSchedule";
    static final String SOFT = "ScheduleAnyway";

    /** The pod's constraints of one of the two sorts. */
    static List<SpreadRule> of(Pod pod, String whenUnsatisfiable) {
        return pod.getSpec().getTopologySpreadConstraintsList().stream()
                .filter(constraint -> constraint.getWhenUnsatisfiable().equals(whenUnsatisfiable))
                .map(constraint -> of(pod, constraint))
                .toList();
    }

    private static SpreadRule of(Pod pod, TopologySpreadConstraint constraint) {
        return new SpreadRule(
                constraint.getTopologyKey(),
                constraint.getMaxSkew(),
                constraint.hasLabelSelector() ? LabelSelectors.of(selector(pod, constraint)) : LabelSelectors.nothing(),
                constraint.hasMinDomains() ? constraint.getMinDomains() : 1,
                !constraint.getNodeAffinityPolicy().equals("Ignore"),
                constraint.getNodeTaintsPolicy().equals("Honor"));
    }

    /** With the pod's own values of the labels that the constraint names by key only. */
    private static LabelSelector selector(Pod pod, TopologySpreadConstraint constraint) {
        LabelSelector.Builder selector = constraint.getLabelSelector().toBuilder();
        Map<String, String> labels = pod.getMetadata().getLabelsMap();
        for (String key : constraint.getMatchLabelKeysList()) {
            if (labels.containsKey(key)) {
                selector.addMatchExpressions(LabelSelectorRequirement.newBuilder()
                        .setKey(key)
                        .setOperator("In")
                        .addValues(labels.get(key)));
            }
        }
        return selector.build();
    }

    /** The node's domain; null where it has none. */
    String domain(NodeView node) {
        return node.node().getMetadata().getLabelsMap().get(key);
    }

    boolean counts(PodInfo pod, NodeView node) {
        return (!honorAffinity || NodeAffinityPlugin.matches(pod, node.node()))
                && (!honorTaints
                        || !Tolerations.hasUntolerated(
                                node.node().getSpec().getTaintsList(),
                                pod.pod().getSpec().getTolerationsList()));
    }

    /** How many of the pods on the node it is about. A selector of everything counts none, as upstream's. */
    long matching(PodInfo pod, NodeView node) {
        if (selector.isEverything()) {
            return 0;
        }
        long count = 0;
        for (PodInfo there : node.pods()) {
            if (!there.pod().getMetadata().hasDeletionTimestamp() && isAbout(pod, there)) {
                count++;
            }
        }
        return count;
    }

    /** Whether it is about another pod. */
    boolean isAbout(PodInfo pod, PodInfo other) {
        return other.key().namespace().equals(pod.key().namespace())
                && selector.matches(other.pod().getMetadata().getLabelsMap());
    }
}
