package io.jollyboat.scheduler.cycle;

import io.jollyboat.log.Log;
import io.jollyboat.scheduler.framework.ClusterSnapshot;
import io.jollyboat.scheduler.framework.CycleState;
import io.jollyboat.scheduler.framework.Diagnosis;
import io.jollyboat.scheduler.framework.FilterPlugin;
import io.jollyboat.scheduler.framework.FilterResult;
import io.jollyboat.scheduler.framework.Plugin;
import io.jollyboat.scheduler.framework.PodClassKey;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.framework.PostFilterPlugin;
import io.jollyboat.scheduler.framework.PostFilterResult;
import io.jollyboat.scheduler.framework.PreFilterPlugin;
import io.jollyboat.scheduler.framework.PreFilterResult;
import io.jollyboat.scheduler.framework.Profile;
import io.jollyboat.scheduler.state.ClusterState;
import io.jollyboat.scheduler.state.NodeRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Finds the node for a pod: filters, then scores. In a large cluster it looks only for so many nodes that fit. */
public final class NodeSearch {
    private static final Log LOG = Log.of(NodeSearch.class);
    private static final int CLASSES = 128;
    /** Upstream's bounds: fewer nodes than this are all looked at, and never less than this share. */
    private static final int MIN_FEASIBLE = 100;

    private static final int MIN_PERCENTAGE = 5;

    private final Profile profile;
    private final ClusterState cluster;
    private final List<PreFilterPlugin> preFilters;
    private final List<FilterPlugin> filters;
    private final List<PostFilterPlugin> postFilters;
    private final NodeScoring scoring;
    private final Map<PodClassKey, PodClass> classes = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PodClassKey, PodClass> eldest) {
            return size() > CLASSES;
        }
    };
    // Where the last search ended, that all nodes get their chance.
    private int start;

    public NodeSearch(Profile profile, ClusterState cluster, RandomGenerator random) {
        this.profile = profile;
        this.cluster = cluster;
        this.preFilters = profile.at(PreFilterPlugin.class);
        this.filters = profile.at(FilterPlugin.class);
        this.postFilters = profile.at(PostFilterPlugin.class);
        this.scoring = new NodeScoring(profile, random);
    }

    public Attempt search(PodInfo pod) {
        if (cluster.nodes().isEmpty()) {
            return new Attempt.NoNodes();
        }
        try {
            return searchAmong(classOf(pod), pod);
        } catch (PluginFailure e) {
            return new Attempt.Broken(e.getMessage());
        }
    }

    private Attempt searchAmong(PodClass known, PodInfo pod) {
        CycleState state = known.state.forPod();
        if (known.preFilter instanceof PreFilterResult.Rejected(FilterResult.Unschedulable why)) {
            Diagnosis diagnosis = new Diagnosis(cluster.nodes().size());
            diagnosis.rejectAll(known.preFilterPlugins[0], why);
            return noFit(state, pod, diagnosis);
        }
        NodeRow nominated = cluster.node(pod.pod().getStatus().getNominatedNodeName());
        if (nominated != null && filter(known, state, pod, nominated) instanceof FilterResult.Fits) {
            return new Attempt.Placed(nominated.name(), state, 1, 1);
        }
        List<NodeRow> nodes = candidates(known);
        List<NodeRow> feasible = new ArrayList<>();
        int limit = feasibleToFind(nodes.size());
        int looked = 0;
        while (looked < nodes.size() && feasible.size() < limit) {
            NodeRow node = nodes.get((start + looked) % nodes.size());
            looked++;
            if (filter(known, state, pod, node) instanceof FilterResult.Fits) {
                feasible.add(node);
            }
        }
        start = (start + looked) % cluster.nodes().size();
        if (feasible.isEmpty()) {
            return noFit(state, pod, diagnose(known, nodes));
        }
        NodeRow best = scoring.best(known, state, pod, feasible, cluster.snapshot());
        return new Attempt.Placed(best.name(), state, looked, feasible.size());
    }

    private List<NodeRow> candidates(PodClass known) {
        if (!(known.preFilter instanceof PreFilterResult.OnlyNodes only)) {
            return cluster.nodes();
        }
        return only.names().stream()
                .map(cluster::node)
                .filter(node -> node != null)
                .toList();
    }

    int feasibleToFind(int nodes) {
        if (nodes < MIN_FEASIBLE) {
            return nodes;
        }
        int percentage = profile.percentageOfNodesToScore();
        if (percentage == 0) {
            percentage = Math.max(50 - nodes / 125, MIN_PERCENTAGE);
        }
        return Math.max((int) ((long) nodes * percentage / 100), MIN_FEASIBLE);
    }

    private PodClass classOf(PodInfo pod) {
        PodClassKey key = pod.classKey(cluster.snapshot().hasRules());
        PodClass known = classes.get(key);
        long[] versions = versions(pod);
        if (known == null || !Arrays.equals(known.pluginVersions, versions)) {
            known = new PodClass(versions, filters.size(), scoring.pluginCount());
            preFilter(known, pod);
            classes.put(key, known);
        }
        return known;
    }

    private long[] versions(PodInfo pod) {
        ClusterSnapshot snapshot = cluster.snapshot();
        long[] versions = new long[profile.plugins().size()];
        for (int i = 0; i < versions.length; i++) {
            versions[i] = profile.plugins().get(i).version(snapshot, pod);
        }
        return versions;
    }

    private void preFilter(PodClass known, PodInfo pod) {
        Set<String> names = null;
        List<String> naming = new ArrayList<>();
        for (PreFilterPlugin plugin : preFilters) {
            switch (guarded(plugin, () -> plugin.preFilter(known.state, pod, cluster.snapshot()))) {
                case PreFilterResult.Proceed _ -> {}
                case PreFilterResult.Skip _ -> skip(known, plugin);
                case PreFilterResult.OnlyNodes only -> {
                    naming.add(plugin.name());
                    if (names == null) {
                        names = new HashSet<>(only.names());
                    } else {
                        names.retainAll(only.names());
                    }
                }
                case PreFilterResult.Rejected rejected -> {
                    known.preFilter = rejected;
                    known.preFilterPlugins = new String[] {plugin.name()};
                    return;
                }
            }
        }
        if (names != null) {
            known.preFilter = new PreFilterResult.OnlyNodes(names);
            known.preFilterPlugins = naming.toArray(String[]::new);
        }
    }

    private void skip(PodClass known, Plugin plugin) {
        for (int i = 0; i < filters.size(); i++) {
            known.filterSkipped[i] |= filters.get(i).equals(plugin);
        }
    }

    /** The answer of the first filter that rejects the pod, or Fits. */
    private FilterResult filter(PodClass known, CycleState state, PodInfo pod, NodeRow node) {
        FilterResult kept = known.filtered(node);
        if (kept != null) {
            return kept;
        }
        for (int i = 0; i < filters.size(); i++) {
            if (known.filterSkipped[i]) {
                continue;
            }
            FilterPlugin plugin = filters.get(i);
            FilterResult result = guarded(plugin, () -> plugin.filter(state, pod, node));
            switch (result) {
                case FilterResult.Fits _ -> {}
                case FilterResult.Unschedulable _ -> {
                    known.keep(node, result, i);
                    return result;
                }
                case FilterResult.Failed failed ->
                    throw new PluginFailure("plugin " + plugin.name() + ": " + failed.reason());
            }
        }
        known.keep(node, FilterResult.FITS, -1);
        return FilterResult.FITS;
    }

    private Diagnosis diagnose(PodClass known, List<NodeRow> nodes) {
        Diagnosis diagnosis = new Diagnosis(cluster.nodes().size());
        if (known.preFilter instanceof PreFilterResult.OnlyNodes) {
            diagnosis.leaveOut(List.of(known.preFilterPlugins));
        }
        for (NodeRow node : nodes) {
            if (known.filtered(node) instanceof FilterResult.Unschedulable why) {
                diagnosis.reject(
                        node.name(), filters.get(known.rejectingFilter(node)).name(), why);
            }
        }
        return diagnosis;
    }

    private Attempt noFit(CycleState state, PodInfo pod, Diagnosis diagnosis) {
        StringJoiner words = new StringJoiner(", ");
        for (PostFilterPlugin plugin : postFilters) {
            switch (guarded(plugin, () -> plugin.postFilter(state, pod, diagnosis, cluster.snapshot()))) {
                case PostFilterResult.Nominated nominated -> {
                    LOG.info("room is made", "key", pod.key(), "node", nominated.nodeName(), "plugin", plugin.name());
                    return new Attempt.NoFit(diagnosis, diagnosis.message(""));
                }
                case PostFilterResult.NotHelped(String message) -> words.add(message);
            }
        }
        return new Attempt.NoFit(diagnosis, diagnosis.message(words.toString()));
    }

    static <R> R guarded(Plugin plugin, Supplier<R> call) {
        try {
            return call.get();
        } catch (PluginFailure e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("plugin failed", e, "plugin", plugin.name());
            throw new PluginFailure("plugin " + plugin.name() + " failed: " + e);
        }
    }

    /** Ends an attempt. */
    static final class PluginFailure extends RuntimeException {
        private static final long serialVersionUID = 1;

        PluginFailure(String message) {
            super(message, null, false, false);
        }
    }
}
