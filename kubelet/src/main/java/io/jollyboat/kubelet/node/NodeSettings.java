package io.jollyboat.kubelet.node;

import io.jollyboat.api.quantity.Quantity;
import java.time.Duration;
import java.util.Map;

/**
 * What is configured of a node.
 *
 * @param capacity instead of what the host has
 * @param reserved not for pods
 * @param statusInterval between looks at the node
 */
public record NodeSettings(
        String nodeName,
        String nodeIp,
        int port,
        int maxPods,
        Map<String, Quantity> capacity,
        Map<String, Quantity> reserved,
        Map<String, String> labels,
        Quantity minFreeMemory,
        int minFreeDiskPercent,
        Duration leaseRenewal,
        Duration statusInterval) {}
