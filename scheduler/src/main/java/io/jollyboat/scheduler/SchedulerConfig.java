package io.jollyboat.scheduler;

import io.jollyboat.client.ApiServerConfig;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The scheduler's configuration.
 *
 * @param schedulerName of the pods that it places
 * @param percentageOfNodesToScore how many of the nodes that fit are enough in a large cluster; 0: as upstream
 * @param leaderElect whether it works only while it holds the lease {@code kube-system/kube-scheduler}
 * @param bindAddress of the health and metrics port
 * @param servingCertFile without it that port speaks plain HTTP
 */
public record SchedulerConfig(
        ApiServerConfig apiServer,
        String schedulerName,
        int percentageOfNodesToScore,
        boolean leaderElect,
        String bindAddress,
        int port,
        Optional<Path> servingCertFile,
        Optional<Path> servingKeyFile,
        Optional<Path> clientCaFile) {
    public SchedulerConfig {
        if (percentageOfNodesToScore < 0 || percentageOfNodesToScore > 100) {
            throw new IllegalArgumentException(
                    "percentageOfNodesToScore: must be from 0 to 100, is " + percentageOfNodesToScore);
        }
        if (servingCertFile.isPresent() != servingKeyFile.isPresent()) {
            throw new IllegalArgumentException("servingCertFile and servingKeyFile go together");
        }
    }

    static SchedulerConfig defaults() {
        return new SchedulerConfig(
                null,
                "default-scheduler",
                0,
                false,
                "127.0.0.1",
                10259,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** For embedding: nothing but the defaults. */
    public static SchedulerConfig embedded() {
        return defaults();
    }

    /** The same, but working only as the leader. */
    public SchedulerConfig withLeaderElection() {
        return new SchedulerConfig(
                apiServer,
                schedulerName,
                percentageOfNodesToScore,
                true,
                bindAddress,
                port,
                servingCertFile,
                servingKeyFile,
                clientCaFile);
    }
}
