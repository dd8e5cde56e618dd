package io.jollyboat.scheduler.framework;

/** Looks at a pod before the nodes. */
public interface PreFilterPlugin extends Plugin {
    PreFilterResult preFilter(CycleState state, PodInfo pod, ClusterSnapshot snapshot);
}
