package io.jollyboat.scheduler.framework;

/** May delay or forbid the binding of a pod that has its place. */
public interface PermitPlugin extends Plugin {
    PermitResult permit(CycleState state, PodInfo pod, String nodeName);
}
