package io.jollyboat.scheduler.framework;

/** Is told when a pod was bound. Called on the pod's own thread. */
public interface PostBindPlugin extends Plugin {
    void postBind(CycleState state, PodInfo pod, String nodeName);
}
