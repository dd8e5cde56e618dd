package io.jollyboat.scheduler.state;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.scheduler.framework.ClusterSnapshot;
import io.jollyboat.scheduler.framework.PodInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Nodes and placed pods, as the API server tells of them and as the scheduler assumes: a pod that was given a node counts
 * there at once, before it is bound, until the API server confirms it or the binding fails. One thread only.
 */
public final class ClusterState {
    private final NodeTable table = new NodeTable();
    private final Map<String, Placement> placements = new HashMap<>();

    /** @param assumed the API server has not told of it yet */
    private record Placement(PodInfo pod, String nodeName, boolean assumed) {}

    /** As it is now; changes with the next call of any method below. */
    public ClusterSnapshot snapshot() {
        return table;
    }

    /** In the order of their examination. */
    public List<NodeRow> nodes() {
        return table.nodes();
    }

    /** Null when there is none. */
    public NodeRow node(String name) {
        return table.node(name);
    }

    public void putNode(Node node) {
        table.putNode(node);
    }

    public void removeNode(String name) {
        table.removeNode(name);
    }

    /** The API server tells of a pod with a node; answers the pod as it counted before, if it did. */
    public Optional<PodInfo> putPod(PodInfo pod) {
        Placement before = placements.get(pod.uid());
        if (before != null) {
            table.removePod(before.nodeName, before.pod);
        }
        table.addPod(pod.nodeName(), pod);
        placements.put(pod.uid(), new Placement(pod, pod.nodeName(), false));
        return Optional.ofNullable(before).map(Placement::pod);
    }

    /** The API server tells that the pod is gone or has ended; answers it when it counted. */
    public Optional<PodInfo> removePod(String uid) {
        Placement before = placements.remove(uid);
        if (before == null) {
            return Optional.empty();
        }
        table.removePod(before.nodeName, before.pod);
        return Optional.of(before.pod);
    }

    /** Counts the pod on the node from now on. */
    public void assume(PodInfo pod, String nodeName) {
        if (placements.putIfAbsent(pod.uid(), new Placement(pod, nodeName, true)) != null) {
            throw new IllegalStateException("pod " + pod + " has a place already");
        }
        table.addPod(nodeName, pod);
    }

    /** Takes an assumption back; false when the pod was confirmed or removed meanwhile. */
    public boolean forget(String uid) {
        Placement placement = placements.get(uid);
        if (placement == null || !placement.assumed) {
            return false;
        }
        placements.remove(uid);
        table.removePod(placement.nodeName, placement.pod);
        return true;
    }

    public boolean isPlaced(String uid) {
        return placements.containsKey(uid);
    }
}
