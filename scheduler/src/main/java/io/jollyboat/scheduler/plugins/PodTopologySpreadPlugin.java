package io.jollyboat.scheduler.plugins;

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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Spreads pods over the values of node labels, as the pods' own constraints ask for. Upstream's spreading of pods
 * without constraints, by their Services and owners, is not there yet.
 */
final class PodTopologySpreadPlugin implements PreFilterPlugin, FilterPlugin, PreScorePlugin, ScorePlugin {
    private static final String UNEVEN = "node(s) didn't match pod topology spread constraints";
    private static final FilterResult NO_DOMAIN = FilterResult.unresolvable(UNEVEN + " (missing required label)");
    private static final FilterResult TOO_MANY = FilterResult.resolvable(UNEVEN);
    private static final long NOT_COUNTED = -1;

    private static final CycleState.Key<SpreadCounts> HARD = new CycleState.Key<>("PodTopologySpread.hard");
    private static final CycleState.Key<Wishes> SOFT = new CycleState.Key<>("PodTopologySpread.soft");

    /** @param weights of the rules, in their order: what a pod counts in a label with so many domains */
    private record Wishes(SpreadCounts counts, List<Double> weights) {}

    @Override
    public String name() {
        return "PodTopologySpread";
    }

    @Override
    public long version(ClusterSnapshot snapshot, PodInfo pod) {
        return pod.pod().getSpec().getTopologySpreadConstraintsCount() == 0 ? 0 : snapshot.version();
    }

    @Override
    public PreFilterResult preFilter(CycleState state, PodInfo pod, ClusterSnapshot snapshot) {
        List<SpreadRule> rules = SpreadRule.of(pod.pod(), SpreadRule.HARD);
        if (rules.isEmpty()) {
            return PreFilterResult.SKIP;
        }
        state.put(HARD, new SpreadCounts(rules, pod, snapshot.nodes()));
        return PreFilterResult.PROCEED;
    }

    @Override
    public FilterResult filter(CycleState state, PodInfo pod, NodeView node) {
        SpreadCounts counts = state.get(HARD);
        for (int i = 0; i < counts.rules().size(); i++) {
            SpreadRule rule = counts.rules().get(i);
            String domain = rule.domain(node);
            if (domain == null) {
                return NO_DOMAIN;
            }
            int self = rule.selector().matches(pod.pod().getMetadata().getLabelsMap()) ? 1 : 0;
            if (counts.at(i, domain) + self - counts.least(i) > rule.maxSkew()) {
                return TOO_MANY;
            }
        }
        return FilterResult.FITS;
    }

    @Override
    public boolean preScore(
            CycleState state, PodInfo pod, List<? extends NodeView> feasible, ClusterSnapshot snapshot) {
        List<SpreadRule> rules = SpreadRule.of(pod.pod(), SpreadRule.SOFT);
        if (rules.isEmpty()) {
            return false;
        }
        List<Double> weights = new ArrayList<>();
        for (SpreadRule rule : rules) {
            Set<String> domains = new HashSet<>();
            for (NodeView node : feasible) {
                if (SpreadCounts.hasAllDomains(rules, node)) {
                    domains.add(rule.domain(node));
                }
            }
            weights.add(Math.log(domains.size() + 2.0));
        }
        state.put(SOFT, new Wishes(new SpreadCounts(rules, pod, snapshot.nodes()), weights));
        return true;
    }

    /** How crowded the node's domains are; the normalization turns it round. */
    @Override
    public long score(CycleState state, PodInfo pod, NodeView node) {
        Wishes wishes = state.get(SOFT);
        List<SpreadRule> rules = wishes.counts().rules();
        if (!SpreadCounts.hasAllDomains(rules, node)) {
            return NOT_COUNTED;
        }
        double crowd = 0;
        for (int i = 0; i < rules.size(); i++) {
            SpreadRule rule = rules.get(i);
            crowd += wishes.counts().at(i, rule.domain(node)) * wishes.weights().get(i) + (rule.maxSkew() - 1);
        }
        return Math.round(crowd);
    }

    @Override
    public void normalize(long[] scores, int count) {
        long lowest = Long.MAX_VALUE;
        long highest = 0;
        for (int i = 0; i < count; i++) {
            if (scores[i] != NOT_COUNTED) {
                lowest = Math.min(lowest, scores[i]);
                highest = Math.max(highest, scores[i]);
            }
        }
        for (int i = 0; i < count; i++) {
            if (scores[i] == NOT_COUNTED) {
                scores[i] = 0;
            } else {
                scores[i] = highest == 0 ? MAX : MAX * (highest + lowest - scores[i]) / highest;
            }
        }
    }

    @Override
    public Hint hint(ClusterEvent event, PodInfo pod) {
        return switch (event) {
            // Any node may be a new domain, or the emptiest no longer.
            case ClusterEvent.NodeAdded _, ClusterEvent.NodeUpdated _, ClusterEvent.NodeDeleted _ -> Hint.QUEUE;
            case ClusterEvent.WaitingPodUpdated _ -> Hint.QUEUE;
            case ClusterEvent.PodPlaced(PodInfo placed) -> Hint.queueIf(concerns(pod, placed));
            case ClusterEvent.PlacedPodUpdated(PodInfo before, PodInfo after) ->
                Hint.queueIf(concerns(pod, before) || concerns(pod, after));
            case ClusterEvent.PodRemoved(PodInfo gone) -> Hint.queueIf(concerns(pod, gone));
        };
    }

    private static boolean concerns(PodInfo waiting, PodInfo other) {
        return SpreadRule.of(waiting.pod(), SpreadRule.HARD).stream().anyMatch(rule -> rule.isAbout(waiting, other));
    }
}
