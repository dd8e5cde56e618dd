package io.jollyboat.scheduler.plugins;

import io.jollyboat.scheduler.framework.ClusterEvent;
import io.jollyboat.scheduler.framework.CycleState;
import io.jollyboat.scheduler.framework.FilterPlugin;
import io.jollyboat.scheduler.framework.FilterResult;
import io.jollyboat.scheduler.framework.NodeView;
import io.jollyboat.scheduler.framework.PodInfo;

/** A pod that names its node goes there only. */
final class NodeNamePlugin implements FilterPlugin {
    private static final FilterResult OTHER = FilterResult.unresolvable("node(s) didn't match the requested node name");

    @Override
    public String name() {
        return "NodeName";
    }

    @Override
    public FilterResult filter(CycleState state, PodInfo pod, NodeView node) {
        return pod.nodeName().isEmpty() || pod.nodeName().equals(node.name()) ? FilterResult.FITS : OTHER;
    }

    @Override
    public Hint hint(ClusterEvent event, PodInfo pod) {
        return Hint.queueIf(event instanceof ClusterEvent.NodeAdded added
                && (pod.nodeName().isEmpty()
                        || added.node().getMetadata().getName().equals(pod.nodeName())));
    }
}
