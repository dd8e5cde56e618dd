package io.jollyboat.apiserver.aggregation;

import java.util.Map;

/**
 * Where a group stands among the groups and a version among the group's: upstream's figures, which clients see.
 *
 * @param group higher ones come first
 * @param version higher ones come first
 */
public record Priorities(int group, int version) {
    /** Of what definitions define, and of what nobody has an APIService for. */
    static final Priorities CUSTOM = new Priorities(1000, 100);

    /** This server's own group has no APIService and comes first. */
    private static final String OWN_GROUP = "apiregistration.k8s.io";

    private static final Priorities OWN = new Priorities(20_000, 1);

    private static final int STABLE = 15;
    private static final int OTHER = 9;

    private static final Map<String, Integer> GROUPS = Map.ofEntries(
            Map.entry("", 18000),
            Map.entry("apps", 17800),
            Map.entry("events.k8s.io", 17750),
            Map.entry("authentication.k8s.io", 17700),
            Map.entry("authorization.k8s.io", 17600),
            Map.entry("autoscaling", 17500),
            Map.entry("batch", 17400),
            Map.entry("certificates.k8s.io", 17300),
            Map.entry("networking.k8s.io", 17200),
            Map.entry("policy", 17100),
            Map.entry("rbac.authorization.k8s.io", 17000),
            Map.entry("storage.k8s.io", 16800),
            Map.entry("apiextensions.k8s.io", 16700),
            Map.entry("admissionregistration.k8s.io", 16700),
            Map.entry("scheduling.k8s.io", 16600),
            Map.entry("coordination.k8s.io", 16500),
            Map.entry("node.k8s.io", 16300),
            Map.entry("discovery.k8s.io", 16200),
            Map.entry("resource.k8s.io", 16200),
            Map.entry("flowcontrol.apiserver.k8s.io", 16100));

    private static final Map<String, Integer> VERSIONS = Map.of(
            "v1", 1,
            "v2.autoscaling", 30,
            "v1.resource.k8s.io", 21,
            "v1.flowcontrol.apiserver.k8s.io", 21);

    /** Of what this server serves and has no APIService. */
    static Priorities usual(String group, String version) {
        Priorities known = group.equals(OWN_GROUP) ? OWN : builtIn(group, version);
        return known == null ? CUSTOM : known;
    }

    /** Of a built-in group's version; null for one that has no APIService. */
    static Priorities builtIn(String group, String version) {
        Integer rank = GROUPS.get(group);
        if (rank == null) {
            return null;
        }
        String name = group.isEmpty() ? version : version + "." + group;
        return new Priorities(rank, VERSIONS.getOrDefault(name, version.matches("v[0-9]+") ? STABLE : OTHER));
    }
}
