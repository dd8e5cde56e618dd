package io.jollyboat.scheduler.cycle;

import io.jollyboat.scheduler.framework.CycleState;
import io.jollyboat.scheduler.framework.FilterResult;
import io.jollyboat.scheduler.framework.PreFilterResult;
import io.jollyboat.scheduler.state.NodeRow;
import java.util.Arrays;

/**
 * What is known of the pods of one class: per node, by its index, the filters' answer and the raw scores, each with the
 * version of the node that it holds for. The next pod of the class asks plugins only about nodes that have changed.
 */
final class PodClass {
    final CycleState state = new CycleState();
    /** The plugins' versions at the time; with others all is void. */
    final long[] pluginVersions;
    /** By filter plugin. */
    final boolean[] filterSkipped;
    /** By score plugin; null until a pod of the class came so far. */
    boolean[] scoreSkipped;

    PreFilterResult preFilter = PreFilterResult.PROCEED;
    /** Who answered with Rejected or OnlyNodes. */
    String[] preFilterPlugins = {};

    private final int scorePlugins;
    private long[] filteredVersion = new long[16];
    private FilterResult[] filtered = new FilterResult[16];
    private int[] rejectingFilter = new int[16];
    private long[] scoredVersion = new long[16];
    private long[] scores = new long[0];

    PodClass(long[] pluginVersions, int filterPlugins, int scorePlugins) {
        this.pluginVersions = pluginVersions;
        this.filterSkipped = new boolean[filterPlugins];
        this.scorePlugins = scorePlugins;
        this.scores = new long[16 * scorePlugins];
    }

    /** Null when it must be asked for. */
    FilterResult filtered(NodeRow node) {
        int index = node.index();
        return index < filtered.length && filteredVersion[index] == node.version() ? filtered[index] : null;
    }

    int rejectingFilter(NodeRow node) {
        return rejectingFilter[node.index()];
    }

    void keep(NodeRow node, FilterResult result, int filter) {
        int index = node.index();
        ensure(index);
        filteredVersion[index] = node.version();
        filtered[index] = result;
        rejectingFilter[index] = filter;
    }

    boolean isScored(NodeRow node) {
        int index = node.index();
        return index < scoredVersion.length && scoredVersion[index] == node.version();
    }

    void markScored(NodeRow node) {
        ensure(node.index());
        scoredVersion[node.index()] = node.version();
    }

    long score(NodeRow node, int plugin) {
        return scores[node.index() * scorePlugins + plugin];
    }

    void keepScore(NodeRow node, int plugin, long score) {
        ensure(node.index());
        scores[node.index() * scorePlugins + plugin] = score;
    }

    private void ensure(int index) {
        if (index >= filtered.length) {
            int length = Math.max(index + 1, filtered.length * 2);
            filteredVersion = Arrays.copyOf(filteredVersion, length);
            filtered = Arrays.copyOf(filtered, length);
            rejectingFilter = Arrays.copyOf(rejectingFilter, length);
            scoredVersion = Arrays.copyOf(scoredVersion, length);
            scores = Arrays.copyOf(scores, length * scorePlugins);
        }
    }
}
