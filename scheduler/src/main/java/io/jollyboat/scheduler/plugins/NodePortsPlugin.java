package io.jollyboat.scheduler.plugins;

import io.jollyboat.scheduler.framework.ClusterEvent;
import io.jollyboat.scheduler.framework.ClusterSnapshot;
import io.jollyboat.scheduler.framework.CycleState;
import io.jollyboat.scheduler.framework.FilterPlugin;
import io.jollyboat.scheduler.framework.FilterResult;
import io.jollyboat.scheduler.framework.HostPorts;
import io.jollyboat.scheduler.framework.NodeView;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.framework.PreFilterPlugin;
import io.jollyboat.scheduler.framework.PreFilterResult;

/** Two pods of one node cannot have one port of the host. */
final class NodePortsPlugin implements PreFilterPlugin, FilterPlugin {
    private static final FilterResult TAKEN =
            FilterResult.resolvable("node(s) didn't have free ports for the requested pod ports");

    @Override
    public String name() {
        return "NodePorts";
    }

    @Override
    public PreFilterResult preFilter(CycleState state, PodInfo pod, ClusterSnapshot snapshot) {
        return pod.hostPorts().isEmpty() ? PreFilterResult.SKIP : PreFilterResult.PROCEED;
    }

    @Override
    public FilterResult filter(CycleState state, PodInfo pod, NodeView node) {
        return node.usedPorts().conflictsWith(pod.hostPorts()) ? TAKEN : FilterResult.FITS;
    }

    @Override
    public Hint hint(ClusterEvent event, PodInfo pod) {
        return switch (event) {
            case ClusterEvent.NodeAdded _ -> Hint.QUEUE;
            case ClusterEvent.PodRemoved removed -> {
                HostPorts freed = new HostPorts();
                freed.add(removed.pod().hostPorts());
                yield Hint.queueIf(freed.conflictsWith(pod.hostPorts()));
            }
            case ClusterEvent.NodeUpdated _,
                    ClusterEvent.NodeDeleted _,
                    ClusterEvent.PodPlaced _,
                    ClusterEvent.PlacedPodUpdated _,
                    ClusterEvent.WaitingPodUpdated _ -> Hint.SKIP;
        };
    }
}
