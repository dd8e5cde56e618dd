package io.jollyboat.scheduler.plugins;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.scheduler.framework.AffinityTerm;
import io.jollyboat.scheduler.framework.ClusterEvent;
import io.jollyboat.scheduler.framework.ClusterSnapshot;
import io.jollyboat.scheduler.framework.CycleState;
import io.jollyboat.scheduler.framework.FilterPlugin;
import io.jollyboat.scheduler.framework.FilterResult;
import io.jollyboat.scheduler.framework.NodeView;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.framework.PodRules;
import io.jollyboat.scheduler.framework.PreFilterPlugin;
import io.jollyboat.scheduler.framework.PreFilterResult;
import io.jollyboat.scheduler.framework.PreScorePlugin;
import io.jollyboat.scheduler.framework.ScorePlugin;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Pods near to or far from other pods, required and preferred; the rules of pods that have their place count too. */
final class InterPodAffinityPlugin implements PreFilterPlugin, FilterPlugin, PreScorePlugin, ScorePlugin {
    private static final FilterResult NOT_NEAR = FilterResult.unresolvable("node(s) didn't match pod affinity rules");
    private static final FilterResult NOT_FAR = FilterResult.resolvable("node(s) didn't match pod anti-affinity rules");
    private static final FilterResult OTHERS_OBJECT =
            FilterResult.resolvable("node(s) didn't satisfy existing pods anti-affinity rules");
    /** What a required rule of a placed pod counts in scoring, upstream's default. */
    private static final int HARD_WEIGHT = 1;

    private static final CycleState.Key<Required> REQUIRED = new CycleState.Key<>("InterPodAffinity.required");
    private static final CycleState.Key<TopologyCounts> PREFERRED = new CycleState.Key<>("InterPodAffinity.preferred");

    private final Function<String, Map<String, String>> namespaceLabels;

    /**
     * How many pods are where.
     *
     * @param near that match all of the pod's rules of nearness
     * @param far that match one of its rules of distance
     * @param objecting that must be far from it by their own rules
     * @param first nobody matches but the pod itself, which may begin the company
     */
    private record Required(TopologyCounts near, TopologyCounts far, TopologyCounts objecting, boolean first) {}

    /** @param namespaceLabels of a namespace, by its name */
    InterPodAffinityPlugin(Function<String, Map<String, String>> namespaceLabels) {
        this.namespaceLabels = namespaceLabels;
    }

    @Override
    public String name() {
        return "InterPodAffinity";
    }

    @Override
    public long version(ClusterSnapshot snapshot, PodInfo pod) {
        return pod.rules().isEmpty() ? snapshot.rulesVersion() : snapshot.version();
    }

    @Override
    public PreFilterResult preFilter(CycleState state, PodInfo pod, ClusterSnapshot snapshot) {
        PodRules rules = pod.rules();
        TopologyCounts near = new TopologyCounts();
        TopologyCounts far = new TopologyCounts();
        TopologyCounts objecting = new TopologyCounts();
        boolean ownRules =
                !rules.requiredNear().isEmpty() || !rules.requiredFar().isEmpty();
        for (NodeView node : ownRules ? snapshot.nodes() : snapshot.nodesWithRules()) {
            for (PodInfo there : node.pods()) {
                for (AffinityTerm term : there.rules().requiredFar()) {
                    if (matches(term, pod)) {
                        objecting.add(term, node, 1);
                    }
                }
                if (!rules.requiredNear().isEmpty() && matchesAll(rules.requiredNear(), there)) {
                    rules.requiredNear().forEach(term -> near.add(term, node, 1));
                }
                for (AffinityTerm term : rules.requiredFar()) {
                    if (matches(term, there)) {
                        far.add(term, node, 1);
                    }
                }
            }
        }
        if (!ownRules && objecting.isEmpty()) {
            return PreFilterResult.SKIP;
        }
        boolean first = near.isEmpty() && matchesAll(rules.requiredNear(), pod);
        state.put(REQUIRED, new Required(near, far, objecting, first));
        return PreFilterResult.PROCEED;
    }

    @Override
    public FilterResult filter(CycleState state, PodInfo pod, NodeView node) {
        Required required = state.get(REQUIRED);
        for (AffinityTerm term : pod.rules().requiredNear()) {
            boolean labelled = node.node().getMetadata().containsLabels(term.topologyKey());
            if (!labelled || (!required.first() && required.near().at(term, node) == 0)) {
                return NOT_NEAR;
            }
        }
        for (AffinityTerm term : pod.rules().requiredFar()) {
            if (required.far().at(term, node) > 0) {
                return NOT_FAR;
            }
        }
        return required.objecting().at(node) > 0 ? OTHERS_OBJECT : FilterResult.FITS;
    }

    @Override
    public boolean preScore(
            CycleState state, PodInfo pod, List<? extends NodeView> feasible, ClusterSnapshot snapshot) {
        PodRules own = pod.rules();
        boolean ownWishes =
                !own.preferredNear().isEmpty() || !own.preferredFar().isEmpty();
        TopologyCounts wishes = new TopologyCounts();
        for (NodeView node : ownWishes ? snapshot.nodes() : snapshot.nodesWithRules()) {
            for (PodInfo there : node.pods()) {
                own.preferredNear().forEach(term -> weigh(wishes, term, there, node, term.weight()));
                own.preferredFar().forEach(term -> weigh(wishes, term, there, node, -term.weight()));
                PodRules theirs = there.rules();
                theirs.requiredNear().forEach(term -> weigh(wishes, term, pod, node, HARD_WEIGHT));
                theirs.preferredNear().forEach(term -> weigh(wishes, term, pod, node, term.weight()));
                theirs.preferredFar().forEach(term -> weigh(wishes, term, pod, node, -term.weight()));
            }
        }
        state.put(PREFERRED, wishes);
        return !wishes.isEmpty();
    }

    private void weigh(TopologyCounts wishes, AffinityTerm term, PodInfo other, NodeView node, int weight) {
        if (matches(term, other)) {
            wishes.add(term, node, weight);
        }
    }

    @Override
    public long score(CycleState state, PodInfo pod, NodeView node) {
        return state.get(PREFERRED).at(node);
    }

    /** The lowest becomes 0, the highest {@link #MAX}. */
    @Override
    public void normalize(long[] scores, int count) {
        long lowest = Long.MAX_VALUE;
        long highest = Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            lowest = Math.min(lowest, scores[i]);
            highest = Math.max(highest, scores[i]);
        }
        for (int i = 0; i < count; i++) {
            scores[i] = highest == lowest ? 0 : MAX * (scores[i] - lowest) / (highest - lowest);
        }
    }

    private boolean matches(AffinityTerm term, PodInfo other) {
        return term.matches(other.pod(), namespaceLabels);
    }

    private boolean matchesAll(List<AffinityTerm> terms, PodInfo other) {
        return terms.stream().allMatch(term -> matches(term, other));
    }

    @Override
    public Hint hint(ClusterEvent event, PodInfo pod) {
        return switch (event) {
            case ClusterEvent.NodeAdded _, ClusterEvent.WaitingPodUpdated _ -> Hint.QUEUE;
            case ClusterEvent.NodeUpdated(var before, var after) ->
                Hint.queueIf(!before.getMetadata()
                        .getLabelsMap()
                        .equals(after.getMetadata().getLabelsMap()));
            case ClusterEvent.NodeDeleted _ -> Hint.SKIP;
            case ClusterEvent.PodPlaced(PodInfo placed) -> Hint.queueIf(concerns(pod, placed));
            case ClusterEvent.PlacedPodUpdated(PodInfo before, PodInfo after) ->
                Hint.queueIf(concerns(pod, before) || concerns(pod, after));
            case ClusterEvent.PodRemoved(PodInfo gone) -> Hint.queueIf(concerns(pod, gone));
        };
    }

    /** A required rule of one is about the other. */
    private boolean concerns(PodInfo waiting, PodInfo other) {
        Pod pod = waiting.pod();
        PodRules rules = waiting.rules();
        return rules.requiredNear().stream().anyMatch(term -> matches(term, other))
                || rules.requiredFar().stream().anyMatch(term -> matches(term, other))
                || other.rules().requiredFar().stream().anyMatch(term -> term.matches(pod, namespaceLabels));
    }
}
