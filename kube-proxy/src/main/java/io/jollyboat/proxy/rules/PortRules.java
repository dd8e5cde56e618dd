package io.jollyboat.proxy.rules;

import java.util.List;

/**
 * The rules of one Service port.
 *
 * @param affinitySeconds how long a client stays with its target; 0 for no affinity
 */
public record PortRules(
        Protocol protocol,
        List<Frontend> frontends,
        List<Target> clusterTargets,
        List<Target> localTargets,
        int affinitySeconds) {}
