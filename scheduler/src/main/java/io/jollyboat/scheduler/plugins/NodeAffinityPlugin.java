package io.jollyboat.scheduler.plugins;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.NodeAffinity;
import io.jollyboat.api.core.v1.NodeSelectorRequirement;
import io.jollyboat.api.core.v1.NodeSelectorTerm;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.PreferredSchedulingTerm;
import io.jollyboat.scheduler.framework.ClusterEvent;
import io.jollyboat.scheduler.framework.ClusterSnapshot;
import io.jollyboat.scheduler.framework.CycleState;
import io.jollyboat.scheduler.framework.FilterPlugin;
import io.jollyboat.scheduler.framework.FilterResult;
import io.jollyboat.scheduler.framework.NodeView;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.framework.PreFilterPlugin;
import io.jollyboat.scheduler.framework.PreFilterResult;
import io.jollyboat.scheduler.framework.PreScorePlugin;
import io.jollyboat.scheduler.framework.ScorePlugin;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Node selectors and node affinity, required and preferred. */
final class NodeAffinityPlugin implements PreFilterPlugin, FilterPlugin, PreScorePlugin, ScorePlugin {
    private static final FilterResult NO_MATCH =
            FilterResult.unresolvable("node(s) didn't match Pod's node affinity/selector");
    private static final PreFilterResult CONFLICT =
            new PreFilterResult.Rejected(FilterResult.unresolvable("pod affinity terms conflict"));

    @Override
    public String name() {
        return "NodeAffinity";
    }

    @Override
    public PreFilterResult preFilter(CycleState state, PodInfo pod, ClusterSnapshot snapshot) {
        PodSpec spec = pod.pod().getSpec();
        NodeAffinity affinity = spec.getAffinity().getNodeAffinity();
        if (!affinity.hasRequiredDuringSchedulingIgnoredDuringExecution()) {
            return spec.getNodeSelectorCount() == 0 ? PreFilterResult.SKIP : PreFilterResult.PROCEED;
        }
        List<NodeSelectorTerm> terms =
                affinity.getRequiredDuringSchedulingIgnoredDuringExecution().getNodeSelectorTermsList();
        Set<String> names = new HashSet<>();
        for (NodeSelectorTerm term : terms) {
            Optional<Set<String>> named = namedNodes(term);
            if (named.isEmpty()) {
                return PreFilterResult.PROCEED; // this term alone may match any node
            }
            names.addAll(named.get());
        }
        if (terms.isEmpty()) {
            return PreFilterResult.PROCEED;
        }
        return names.isEmpty() ? CONFLICT : new PreFilterResult.OnlyNodes(Set.copyOf(names));
    }

    /** The nodes that the term asks for by name, if it does. */
    private static Optional<Set<String>> namedNodes(NodeSelectorTerm term) {
        Set<String> names = null;
        for (NodeSelectorRequirement field : term.getMatchFieldsList()) {
            if (field.getKey().equals("metadata.name") && field.getOperator().equals("In")) {
                if (names == null) {
                    names = new HashSet<>(field.getValuesList());
                } else {
                    names.retainAll(field.getValuesList());
                }
            }
        }
        return Optional.ofNullable(names);
    }

    @Override
    public FilterResult filter(CycleState state, PodInfo pod, NodeView node) {
        return matches(pod, node.node()) ? FilterResult.FITS : NO_MATCH;
    }

    /** Whether the pod may be on the node by its selector and its required affinity. */
    static boolean matches(PodInfo pod, Node node) {
        PodSpec spec = pod.pod().getSpec();
        for (var wanted : spec.getNodeSelectorMap().entrySet()) {
            if (!wanted.getValue().equals(node.getMetadata().getLabelsMap().get(wanted.getKey()))) {
                return false;
            }
        }
        NodeAffinity affinity = spec.getAffinity().getNodeAffinity();
        return !affinity.hasRequiredDuringSchedulingIgnoredDuringExecution()
                || NodeSelectors.matches(affinity.getRequiredDuringSchedulingIgnoredDuringExecution(), node);
    }

    @Override
    public boolean preScore(
            CycleState state, PodInfo pod, List<? extends NodeView> feasible, ClusterSnapshot snapshot) {
        return preferred(pod).iterator().hasNext();
    }

    @Override
    public long score(CycleState state, PodInfo pod, NodeView node) {
        long sum = 0;
        for (PreferredSchedulingTerm term : preferred(pod)) {
            if (term.getWeight() != 0 && NodeSelectors.matches(term.getPreference(), node.node())) {
                sum += term.getWeight();
            }
        }
        return sum;
    }

    private static List<PreferredSchedulingTerm> preferred(PodInfo pod) {
        return pod.pod()
                .getSpec()
                .getAffinity()
                .getNodeAffinity()
                .getPreferredDuringSchedulingIgnoredDuringExecutionList();
    }

    @Override
    public void normalize(long[] scores, int count) {
        ScorePlugin.scale(scores, count, false);
    }

    @Override
    public Hint hint(ClusterEvent event, PodInfo pod) {
        return switch (event) {
            case ClusterEvent.NodeAdded added -> Hint.queueIf(matches(pod, added.node()));
            case ClusterEvent.NodeUpdated updated ->
                Hint.queueIf(!matches(pod, updated.before()) && matches(pod, updated.after()));
            // Only a gated pod's affinity may change.
            case ClusterEvent.WaitingPodUpdated _ -> Hint.QUEUE;
            case ClusterEvent.NodeDeleted _,
                    ClusterEvent.PodPlaced _,
                    ClusterEvent.PlacedPodUpdated _,
                    ClusterEvent.PodRemoved _ -> Hint.SKIP;
        };
    }
}
