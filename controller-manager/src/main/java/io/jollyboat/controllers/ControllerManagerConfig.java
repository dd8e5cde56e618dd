package io.jollyboat.controllers;

import io.jollyboat.client.ApiServerConfig;
import io.jollyboat.controllers.nodelifecycle.NodeLifecycleConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The settings of the process.
 *
 * @param clusterCidr the network of all pods; two, separated by a comma, for two address families
 * @param nodeCidrMaskSize the size of each node's part of it, IPv4
 * @param nodeCidrMaskSizeIpv6 the same for IPv6
 * @param rootCaFile what pods are to verify the API server by, PEM
 * @param bindAddress where health and metrics are served
 * @param port of health and metrics; 0 takes any
 * @param servingCertFile without it health and metrics are plain HTTP, for loopback only
 * @param clientCaFile of the clients that may read the metrics
 * @param leaderElect whether several managers run and one is to lead
 * @param identity of this one among them
 * @param terminatedPodThreshold finished pods that are kept
 * @param signingCertFile the authority that signs certificate requests; without it none are signed
 * @param signingKeyFile its key
 * @param serviceAccountKeyFile signs tokens for Secrets that ask for one; without it they stay empty
 * @param legacyTokenCleanUpPeriod how long a token in a Secret may be unused that was made for an account, before it ends
 * @param disabled names of controllers that are not to run
 */
public record ControllerManagerConfig(
        ApiServerConfig apiServer,
        String clusterCidr,
        int nodeCidrMaskSize,
        int nodeCidrMaskSizeIpv6,
        Path rootCaFile,
        String bindAddress,
        int port,
        Optional<Path> servingCertFile,
        Optional<Path> servingKeyFile,
        Optional<Path> clientCaFile,
        boolean leaderElect,
        String identity,
        int terminatedPodThreshold,
        NodeLifecycleConfig nodeLifecycle,
        Optional<Path> signingCertFile,
        Optional<Path> signingKeyFile,
        Optional<Path> serviceAccountKeyFile,
        Duration legacyTokenCleanUpPeriod,
        List<String> disabled) {
    public static ControllerManagerConfig defaults() {
        return new ControllerManagerConfig(
                null,
                null,
                24,
                64,
                null,
                "127.0.0.1",
                10257,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                "kube-controller-manager",
                12_500,
                NodeLifecycleConfig.defaults(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Duration.ofDays(365),
                List.of());
    }

    /** For a manager inside another process: no connection, no files, no port of its own. */
    public static ControllerManagerConfig embedded(String clusterCidr, NodeLifecycleConfig nodeLifecycle) {
        ControllerManagerConfig d = defaults();
        return new ControllerManagerConfig(
                null,
                clusterCidr,
                d.nodeCidrMaskSize,
                d.nodeCidrMaskSizeIpv6,
                null,
                d.bindAddress,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                d.identity,
                d.terminatedPodThreshold,
                nodeLifecycle,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                d.legacyTokenCleanUpPeriod,
                List.of());
    }

    /** One that signs certificate requests, and tokens for Secrets. */
    public ControllerManagerConfig withKeys(Path signingCert, Path signingKey, Path serviceAccountKey) {
        return new ControllerManagerConfig(
                apiServer,
                clusterCidr,
                nodeCidrMaskSize,
                nodeCidrMaskSizeIpv6,
                rootCaFile,
                bindAddress,
                port,
                servingCertFile,
                servingKeyFile,
                clientCaFile,
                leaderElect,
                identity,
                terminatedPodThreshold,
                nodeLifecycle,
                Optional.of(signingCert),
                Optional.of(signingKey),
                Optional.of(serviceAccountKey),
                legacyTokenCleanUpPeriod,
                disabled);
    }

    /** One of several, of which one leads. */
    public ControllerManagerConfig withLeaderElection(String name) {
        return new ControllerManagerConfig(
                apiServer,
                clusterCidr,
                nodeCidrMaskSize,
                nodeCidrMaskSizeIpv6,
                rootCaFile,
                bindAddress,
                port,
                servingCertFile,
                servingKeyFile,
                clientCaFile,
                true,
                name,
                terminatedPodThreshold,
                nodeLifecycle,
                signingCertFile,
                signingKeyFile,
                serviceAccountKeyFile,
                legacyTokenCleanUpPeriod,
                disabled);
    }

    /** One that fills Secrets with tokens. */
    public ControllerManagerConfig withServiceAccountKey(Path file) {
        return new ControllerManagerConfig(
                apiServer,
                clusterCidr,
                nodeCidrMaskSize,
                nodeCidrMaskSizeIpv6,
                rootCaFile,
                bindAddress,
                port,
                servingCertFile,
                servingKeyFile,
                clientCaFile,
                leaderElect,
                identity,
                terminatedPodThreshold,
                nodeLifecycle,
                signingCertFile,
                signingKeyFile,
                Optional.of(file),
                legacyTokenCleanUpPeriod,
                disabled);
    }

    public ControllerManagerConfig {
        if (legacyTokenCleanUpPeriod != null && !legacyTokenCleanUpPeriod.isPositive()) {
            throw new IllegalArgumentException("legacyTokenCleanUpPeriod: must be more than 0");
        }
        for (String name : disabled == null ? List.<String>of() : disabled) {
            if (BuiltInControllers.CONTROLLERS.stream().noneMatch(c -> c.name().equals(name))) {
                throw new IllegalArgumentException("disabled: there is no controller " + name);
            }
        }
    }

    List<String> clusterCidrs() {
        return List.of(clusterCidr.split(","));
    }

    List<Integer> nodeMaskSizes() {
        return clusterCidrs().stream()
                .map(cidr -> cidr.contains(":") ? nodeCidrMaskSizeIpv6 : nodeCidrMaskSize)
                .toList();
    }
}
