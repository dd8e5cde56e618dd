package io.jollyboat.scheduler.framework;

/** Does what must be done before a pod can be bound. Called on the pod's own thread; may block. */
public interface PreBindPlugin extends Plugin {
    /** An exception ends the attempt; the pod is tried again. */
    void preBind(CycleState state, PodInfo pod, String nodeName) throws Exception;
}
