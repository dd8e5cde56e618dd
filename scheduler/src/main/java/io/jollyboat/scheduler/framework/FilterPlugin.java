package io.jollyboat.scheduler.framework;

/** Says whether a pod fits a node. */
public interface FilterPlugin extends Plugin {
    FilterResult filter(CycleState state, PodInfo pod, NodeView node);
}
