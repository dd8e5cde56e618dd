package io.jollyboat.proxy.rules;

import java.util.List;

/**
 * An address and port that the node answers for a Service port.
 *
 * @param sourceRanges the only sources that may use it; empty for all
 */
public record Frontend(String ip, int port, Kind kind, Action action, List<String> sourceRanges) {
    /** Where the address comes from. */
    public enum Kind {
        CLUSTER_IP,
        EXTERNAL_IP,
        LOAD_BALANCER,
        NODE_PORT
    }

    /** What is done with a new connection. */
    public enum Action {
        /** To any target. */
        CLUSTER,
        /** To a target on this node. */
        LOCAL,
        /** To any target, and the source becomes the node. */
        EXTERNAL_CLUSTER,
        /**
         * To a target on this node, the source is kept; pods and the node itself may reach any target. Without a local
         * target others are dropped.
         */
        EXTERNAL_LOCAL,
        /** Refused: the Service has no endpoint anywhere. */
        REJECT,
        /** Dropped: there are endpoints, but not on this node. */
        DROP
    }
}
