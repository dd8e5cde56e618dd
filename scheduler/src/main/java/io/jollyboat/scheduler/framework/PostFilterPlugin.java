package io.jollyboat.scheduler.framework;

/** Does something for a pod that fits nowhere. */
public interface PostFilterPlugin extends Plugin {
    PostFilterResult postFilter(CycleState state, PodInfo pod, Diagnosis diagnosis, ClusterSnapshot snapshot);
}
