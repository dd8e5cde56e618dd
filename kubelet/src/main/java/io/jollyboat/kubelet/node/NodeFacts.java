package io.jollyboat.kubelet.node;

import io.jollyboat.api.core.v1.ContainerImage;
import io.jollyboat.api.core.v1.NodeSystemInfo;
import io.jollyboat.api.quantity.Quantity;
import java.util.List;
import java.util.Map;

/**
 * All that a node's status is made from.
 *
 * @param notReady why the node cannot run pods; empty when it can
 */
record NodeFacts(
        String nodeName,
        String nodeIp,
        int port,
        Map<String, Quantity> capacity,
        Map<String, Quantity> allocatable,
        NodeSystemInfo info,
        List<ContainerImage> images,
        boolean memoryPressure,
        boolean diskPressure,
        boolean pidPressure,
        String notReady) {}
