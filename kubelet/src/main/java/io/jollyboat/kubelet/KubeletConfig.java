package io.jollyboat.kubelet;

import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.client.ApiServerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a kubelet is set up.
 *
 * @param nodeIp the host's address, in statuses and for the kubelet's own server
 * @param runtimeEndpoint the container runtime's socket
 * @param rootDir where pods' volumes and files are
 * @param clusterDns what pods ask for names first
 * @param resolvConf the host's own
 * @param cniConfDir where the network configuration is written once the node has its pod range; empty: not written
 * @param port of the kubelet's server
 * @param certFile the server's certificate; empty: one is not started
 * @param clientCaFile who may call: certificates of this authority
 * @param clientNames the callers' common names; the API server's alone by default
 * @param cgroupRoot the group under which {@code kubepods} is: several nodes on one host each need their own
 * @param capacity instead of what the host has, by resource name
 * @param reserved not for pods, by resource name
 * @param minFreeMemory below it the node reports memory pressure
 * @param minFreeDiskPercent below it the node reports disk pressure
 */
public record KubeletConfig(
        String nodeName,
        String nodeIp,
        ApiServerConfig apiServer,
        RuntimeKind runtime,
        String runtimeEndpoint,
        Path rootDir,
        Path podLogsDir,
        List<String> clusterDns,
        String clusterDomain,
        Path resolvConf,
        Optional<Path> cniConfDir,
        int port,
        Optional<Path> certFile,
        Optional<Path> keyFile,
        Optional<Path> clientCaFile,
        List<String> clientNames,
        String cgroupRoot,
        int maxPods,
        int parallelImagePulls,
        Map<String, Quantity> capacity,
        Map<String, Quantity> reserved,
        Map<String, String> nodeLabels,
        Quantity minFreeMemory,
        int minFreeDiskPercent,
        Duration leaseRenewal,
        Duration statusInterval,
        Quantity containerLogMaxSize,
        int containerLogMaxFiles) {
    /** Where containers run. */
    public enum RuntimeKind {
        CRI,
        SIMULATED
    }

    public KubeletConfig {
        if (nodeName != null && !nodeName.matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?")) {
            throw new IllegalArgumentException("nodeName: \"" + nodeName + "\" is no DNS name");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port: must be between 0 and 65535");
        }
        if (cgroupRoot != null && !cgroupRoot.startsWith("/")) {
            throw new IllegalArgumentException("cgroupRoot: must begin with \"/\"");
        }
        if (maxPods < 0) {
            throw new IllegalArgumentException("maxPods: must not be negative");
        }
    }

    /** What holds where the file says nothing; null: required. */
    public static KubeletConfig defaults() {
        return new KubeletConfig(
                null,
                null,
                null,
                RuntimeKind.CRI,
                "/run/containerd/containerd.sock",
                Path.of("/var/lib/kubelet"),
                Path.of("/var/log/pods"),
                List.of(),
                "cluster.local",
                Path.of("/etc/resolv.conf"),
                Optional.empty(),
                10250,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of("kube-apiserver-kubelet-client"),
                "/",
                110,
                1,
                Map.of(),
                Map.of(),
                Map.of(),
                Quantity.newBuilder().setString("100Mi").build(),
                5,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Quantity.newBuilder().setString("10Mi").build(),
                5);
    }
}
