package io.jollyboat.kubelet.pod;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What to do now.
 *
 * @param actions in this order
 * @param backedOff containers that wait before their next start, by name
 * @param wakeAt when to plan anew though nothing changed; null for never
 * @param stage where the pod stands
 */
public record Plan(List<Action> actions, Map<String, BackOff> backedOff, Instant wakeAt, Stage stage) {
    /** How far a pod is. */
    public enum Stage {
        /** Starts, runs, restarts. */
        LIVE,
        /** Ends: no container is started any more. */
        ENDING,
        /** Nothing of it runs, its network is given back. */
        ENDED
    }

    /** The pod gets its network. */
    boolean createsSandbox() {
        return actions.stream().anyMatch(Action.CreateSandbox.class::isInstance);
    }

    /** A wait before a restart: how long it is as a whole. */
    public record BackOff(java.time.Duration delay) {}
}
