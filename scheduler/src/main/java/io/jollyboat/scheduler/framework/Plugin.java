package io.jollyboat.scheduler.framework;

/** What all plugins have. */
public interface Plugin {
    /** Upstream's name where there is one; it appears in messages. */
    String name();

    /**
     * Results of PreFilter, Filter, PreScore and Score are kept for pods of one class and used again for nodes that have
     * not changed, as long as this number stays. A plugin that looks beyond the pod and the one node answers with a
     * number that changes whenever its results may.
     */
    default long version(ClusterSnapshot snapshot, PodInfo pod) {
        return 0;
    }

    /**
     * Whether a pod that this plugin rejected may fit after the event. Asked only of plugins that rejected the pod. To
     * say yes without need costs an attempt; to say no wrongly leaves the pod waiting for five minutes.
     */
    default Hint hint(ClusterEvent event, PodInfo pod) {
        return Hint.QUEUE;
    }

    /** A plugin's opinion on an event. */
    enum Hint {
        QUEUE,
        SKIP;

        public static Hint queueIf(boolean condition) {
            return condition ? QUEUE : SKIP;
        }
    }
}
