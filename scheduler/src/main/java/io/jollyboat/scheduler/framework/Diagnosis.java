package io.jollyboat.scheduler.framework;

import io.jollyboat.scheduler.framework.FilterResult.Unschedulable;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Why a pod fits nowhere. */
public final class Diagnosis {
    private final int nodeCount;
    private final Map<String, Unschedulable> byNode = new LinkedHashMap<>();
    private final Set<String> rejectingPlugins = new TreeSet<>();
    private String preFilterReason = "";
    private Unschedulable others;

    public Diagnosis(int nodeCount) {
        this.nodeCount = nodeCount;
    }

    public int nodeCount() {
        return nodeCount;
    }

    /** What was said of each node that was looked at. */
    public Map<String, Unschedulable> byNode() {
        return byNode;
    }

    /** What holds for the nodes that were not; null when all were. */
    public Unschedulable others() {
        return others;
    }

    public Set<String> rejectingPlugins() {
        return rejectingPlugins;
    }

    public void reject(String nodeName, String plugin, Unschedulable why) {
        byNode.put(nodeName, why);
        rejectingPlugins.add(plugin);
    }

    /** The pod was refused before any node was looked at. */
    public void rejectAll(String plugin, Unschedulable why) {
        preFilterReason = String.join(", ", why.reasons());
        others = why;
        rejectingPlugins.add(plugin);
    }

    /** All but a few nodes were left out. */
    public void leaveOut(Collection<String> plugins) {
        others = FilterResult.unresolvable(
                "node(s) didn't satisfy plugin(s) [" + String.join(" ", new TreeSet<>(plugins)) + "]");
        rejectingPlugins.addAll(plugins);
    }

    /**
     * Upstream's text: {@code 0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable. …}.
     *
     * @param postFilter what the PostFilter plugins said, may be empty
     */
    public String message(String postFilter) {
        StringBuilder text = new StringBuilder("0/" + nodeCount + " nodes are available:");
        if (!preFilterReason.isEmpty()) {
            text.append(' ').append(preFilterReason).append('.');
        } else {
            TreeMap<String, Integer> counts = new TreeMap<>();
            byNode.values().forEach(why -> why.reasons().forEach(r -> counts.merge(r, 1, Integer::sum)));
            if (others != null && byNode.size() < nodeCount) {
                others.reasons().forEach(r -> counts.merge(r, nodeCount - byNode.size(), Integer::sum));
            }
            String list = counts.entrySet().stream()
                    .map(e -> e.getValue() + " " + e.getKey())
                    .sorted()
                    .reduce((a, b) -> a + ", " + b)
                    .orElse("");
            if (!list.isEmpty()) {
                text.append(' ').append(list).append('.');
            }
        }
        if (!postFilter.isEmpty()) {
            text.append(' ').append(postFilter);
        }
        return text.toString();
    }
}
