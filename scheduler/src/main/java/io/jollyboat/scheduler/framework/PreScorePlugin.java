package io.jollyboat.scheduler.framework;

import java.util.List;

/** Prepares for scoring. */
public interface PreScorePlugin extends Plugin {
    /**
     * False when the plugin's score would be the same for all nodes and is left out.
     *
     * @param feasible the nodes to be scored
     */
    boolean preScore(CycleState state, PodInfo pod, List<? extends NodeView> feasible, ClusterSnapshot snapshot);
}
