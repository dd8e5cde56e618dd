package io.jollyboat.scheduler.cycle;

import io.jollyboat.scheduler.framework.ClusterSnapshot;
import io.jollyboat.scheduler.framework.CycleState;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.framework.PreScorePlugin;
import io.jollyboat.scheduler.framework.Profile;
import io.jollyboat.scheduler.framework.ScorePlugin;
import io.jollyboat.scheduler.state.NodeRow;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Chooses the best of the nodes that a pod fits: the highest weighted sum of normalised scores, at a tie any of them. */
final class NodeScoring {
    private final List<PreScorePlugin> preScorers;
    private final List<ScorePlugin> scorers;
    private final int[] weights;
    private final RandomGenerator random;
    // Scratch, one entry per node in question.
    private long[] normalized = new long[16];
    private long[] totals = new long[16];

    NodeScoring(Profile profile, RandomGenerator random) {
        this.preScorers = profile.at(PreScorePlugin.class);
        this.scorers = profile.at(ScorePlugin.class);
        this.weights = scorers.stream().mapToInt(profile::weight).toArray();
        this.random = random;
    }

    int pluginCount() {
        return scorers.size();
    }

    NodeRow best(PodClass known, CycleState state, PodInfo pod, List<NodeRow> feasible, ClusterSnapshot snapshot) {
        int count = feasible.size();
        if (count == 1) {
            return feasible.getFirst();
        }
        if (known.scoreSkipped == null) {
            known.scoreSkipped = preScore(known.state, pod, feasible, snapshot);
        }
        for (NodeRow node : feasible) {
            if (!known.isScored(node)) {
                score(known, state, pod, node);
            }
        }
        sum(known, feasible);
        return feasible.get(highest(count));
    }

    private boolean[] preScore(CycleState state, PodInfo pod, List<NodeRow> feasible, ClusterSnapshot snapshot) {
        boolean[] skipped = new boolean[scorers.size()];
        for (PreScorePlugin plugin : preScorers) {
            if (!NodeSearch.guarded(plugin, () -> plugin.preScore(state, pod, feasible, snapshot))) {
                for (int i = 0; i < skipped.length; i++) {
                    skipped[i] |= scorers.get(i).equals(plugin);
                }
            }
        }
        return skipped;
    }

    private void score(PodClass known, CycleState state, PodInfo pod, NodeRow node) {
        for (int i = 0; i < scorers.size(); i++) {
            if (!known.scoreSkipped[i]) {
                ScorePlugin plugin = scorers.get(i);
                known.keepScore(node, i, NodeSearch.guarded(plugin, () -> plugin.score(state, pod, node)));
            }
        }
        known.markScored(node);
    }

    private void sum(PodClass known, List<NodeRow> feasible) {
        int count = feasible.size();
        if (totals.length < count) {
            totals = new long[count * 2];
            normalized = new long[count * 2];
        }
        Arrays.fill(totals, 0, count, 0);
        for (int i = 0; i < scorers.size(); i++) {
            if (known.scoreSkipped[i]) {
                continue;
            }
            for (int n = 0; n < count; n++) {
                normalized[n] = known.score(feasible.get(n), i);
            }
            scorers.get(i).normalize(normalized, count);
            for (int n = 0; n < count; n++) {
                if (normalized[n] < 0 || normalized[n] > ScorePlugin.MAX) {
                    throw new NodeSearch.PluginFailure(
                            "plugin " + scorers.get(i).name() + " returns an invalid score "
                                    + normalized[n] + ", it should in the range of [0, " + ScorePlugin.MAX
                                    + "] after normalizing");
                }
                totals[n] += weights[i] * normalized[n];
            }
        }
    }

    /** One of the highest, each with the same chance. */
    private int highest(int count) {
        int best = 0;
        int equals = 1;
        for (int n = 1; n < count; n++) {
            if (totals[n] > totals[best]) {
                best = n;
                equals = 1;
            } else if (totals[n] == totals[best]) {
                equals++;
                if (random.nextInt(equals) == 0) {
                    best = n;
                }
            }
        }
        return best;
    }
}
