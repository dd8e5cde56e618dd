package io.jollyboat.kubelet.model;

import java.util.List;

/**
 * @param attempt counts the pod's sandboxes from 0
 * @param ips empty on the host's network and before the network is up
 */
public record ObservedSandbox(
        String id, int attempt, boolean ready, long createdAtNanos, boolean hostNetwork, List<String> ips) {
    public ObservedSandbox {
        ips = List.copyOf(ips);
    }
}
