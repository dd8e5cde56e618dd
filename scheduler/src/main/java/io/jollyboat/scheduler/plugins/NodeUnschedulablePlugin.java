package io.jollyboat.scheduler.plugins;

import io.jollyboat.api.core.v1.Taint;
import io.jollyboat.scheduler.framework.ClusterEvent;
import io.jollyboat.scheduler.framework.CycleState;
import io.jollyboat.scheduler.framework.FilterPlugin;
import io.jollyboat.scheduler.framework.FilterResult;
import io.jollyboat.scheduler.framework.NodeView;
import io.jollyboat.scheduler.framework.PodInfo;

/** Keeps pods off cordoned nodes, unless they tolerate the taint of that meaning. */
final class NodeUnschedulablePlugin implements FilterPlugin {
    private static final FilterResult UNSCHEDULABLE = FilterResult.unresolvable("node(s) were unschedulable");
    private static final Taint TAINT = Taint.newBuilder()
            .setKey("node.kubernetes.io/unschedulable")
            .setEffect("NoSchedule")
            .build();

    @Override
    public String name() {
        return "NodeUnschedulable";
    }

    @Override
    public FilterResult filter(CycleState state, PodInfo pod, NodeView node) {
        return node.node().getSpec().getUnschedulable() && !tolerated(pod) ? UNSCHEDULABLE : FilterResult.FITS;
    }

    private static boolean tolerated(PodInfo pod) {
        return Tolerations.tolerate(pod.pod().getSpec().getTolerationsList(), TAINT);
    }

    @Override
    public Hint hint(ClusterEvent event, PodInfo pod) {
        return switch (event) {
            case ClusterEvent.NodeAdded added ->
                Hint.queueIf(!added.node().getSpec().getUnschedulable());
            case ClusterEvent.NodeUpdated updated ->
                Hint.queueIf(updated.before().getSpec().getUnschedulable()
                        && !updated.after().getSpec().getUnschedulable());
            case ClusterEvent.WaitingPodUpdated updated -> Hint.queueIf(tolerated(updated.after()));
            case ClusterEvent.NodeDeleted _,
                    ClusterEvent.PodPlaced _,
                    ClusterEvent.PlacedPodUpdated _,
                    ClusterEvent.PodRemoved _ -> Hint.SKIP;
        };
    }
}
