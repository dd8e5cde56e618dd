package io.jollyboat.scheduler.cycle;

import io.jollyboat.scheduler.framework.CycleState;
import io.jollyboat.scheduler.framework.Diagnosis;

/** What the search for a node came to. */
public sealed interface Attempt {
    /**
     * @param evaluated nodes looked at
     * @param feasible those of them that the pod fits
     */
    record Placed(String nodeName, CycleState state, int evaluated, int feasible) implements Attempt {}

    /** @param message the whole text for the pod's user */
    record NoFit(Diagnosis diagnosis, String message) implements Attempt {}

    record NoNodes() implements Attempt {}

    /** A plugin failed. */
    record Broken(String reason) implements Attempt {}
}
