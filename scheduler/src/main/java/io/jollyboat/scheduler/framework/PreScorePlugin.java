package io.jollyboat.scheduler.framework;

/** Prepares for scoring. */
public interface PreScorePlugin extends Plugin {
    /** False when the plugin's score would be the same for all nodes and is left out. */
    boolean preScore(CycleState state, PodInfo pod, ClusterSnapshot snapshot);
}
