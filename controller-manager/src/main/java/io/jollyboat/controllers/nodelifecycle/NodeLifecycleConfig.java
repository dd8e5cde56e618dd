package io.jollyboat.controllers.nodelifecycle;

import java.time.Duration;

/**
 * Upstream's settings.
 *
 * @param monitorGracePeriod how long a node may be silent
 * @param startupGracePeriod how long one may be silent that never reported
 * @param evictionsPerSecond nodes tainted for eviction, in each zone
 * @param secondaryEvictionsPerSecond the same in a zone that is mostly down, when it is large
 * @param largeClusterThreshold a zone of more nodes is large
 * @param unhealthyZoneThreshold the share of silent nodes from which a zone is mostly down
 */
public record NodeLifecycleConfig(
        Duration monitorGracePeriod,
        Duration startupGracePeriod,
        double evictionsPerSecond,
        double secondaryEvictionsPerSecond,
        int largeClusterThreshold,
        double unhealthyZoneThreshold) {
    public static NodeLifecycleConfig defaults() {
        return new NodeLifecycleConfig(Duration.ofSeconds(50), Duration.ofSeconds(60), 0.1, 0.01, 50, 0.55);
    }
}
