package io.jollyboat.scheduler.framework;

/** Tells the API server of the pod's place. Called on the pod's own thread; may block. */
public interface BindPlugin extends Plugin {
    /** False leaves the pod to the next plugin; an exception ends the attempt. */
    boolean bind(CycleState state, PodInfo pod, String nodeName) throws Exception;
}
