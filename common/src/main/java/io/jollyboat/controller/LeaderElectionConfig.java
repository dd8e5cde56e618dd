package io.jollyboat.controller;

import java.time.Duration;

/**
 * Which lease decides who leads, and how patient all are. Durations as upstream.
 *
 * @param identity of this candidate; unlike all others'
 * @param leaseDuration how long the others wait for a silent leader
 * @param renewDeadline after which a leader that cannot renew gives up; shorter than the lease
 * @param retryPeriod between attempts
 */
public record LeaderElectionConfig(
        String namespace,
        String name,
        String identity,
        Duration leaseDuration,
        Duration renewDeadline,
        Duration retryPeriod) {
    public LeaderElectionConfig {
        if (leaseDuration.compareTo(renewDeadline) <= 0) {
            throw new IllegalArgumentException("leaseDuration must be longer than renewDeadline");
        }
        if (renewDeadline.compareTo(retryPeriod.multipliedBy(6).dividedBy(5)) <= 0) {
            throw new IllegalArgumentException("renewDeadline must be longer than 1.2 times retryPeriod");
        }
    }

    /** Upstream's 15, 10 and 2 seconds, in kube-system. */
    public static LeaderElectionConfig of(String name, String identity) {
        return new LeaderElectionConfig(
                "kube-system", name, identity, Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
    }
}
