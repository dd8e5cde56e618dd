package io.jollyboat.controllers.nodelifecycle;

import java.util.Collection;

/** How much of a zone is down. */
enum ZoneState {
    /** Not looked at yet. */
    INITIAL,
    NORMAL,
    PARTIAL_DISRUPTION,
    FULL_DISRUPTION;

    /** @param readiness of the zone's nodes, those left out that are not to count */
    static ZoneState of(Collection<String> readiness, double threshold) {
        long ready = readiness.stream().filter("True"::equals).count();
        long down = readiness.size() - ready;
        if (ready == 0 && down > 0) {
            return FULL_DISRUPTION;
        }
        return down > 2 && (double) down / readiness.size() >= threshold ? PARTIAL_DISRUPTION : NORMAL;
    }

    /** Nodes tainted for eviction in a second. */
    double rate(int zoneSize, NodeLifecycleConfig config) {
        return switch (this) {
            case INITIAL, NORMAL, FULL_DISRUPTION -> config.evictionsPerSecond();
            case PARTIAL_DISRUPTION ->
                zoneSize > config.largeClusterThreshold() ? config.secondaryEvictionsPerSecond() : 0;
        };
    }
}
