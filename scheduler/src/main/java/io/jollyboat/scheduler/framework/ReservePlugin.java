package io.jollyboat.scheduler.framework;

/** Keeps account of what a pod will use, from the choice of its node until it is bound or given up. */
public interface ReservePlugin extends Plugin {
    /** Anything but Fits ends the attempt. */
    FilterResult reserve(CycleState state, PodInfo pod, String nodeName);

    /** Takes the reservation back, also one that failed half way; must not fail. */
    void unreserve(CycleState state, PodInfo pod, String nodeName);
}
