package io.jollyboat.apiserver.discovery;

import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which groups, versions and resources this server serves, in upstream's order of preference. Immutable. */
public final class ServedKinds {
    /** Upstream's order of groups, which clients use to resolve a bare resource name. */
    private static final List<String> GROUP_ORDER = List.of(
            "",
            "apiregistration.k8s.io",
            "apps",
            "events.k8s.io",
            "authentication.k8s.io",
            "authorization.k8s.io",
            "autoscaling",
            "batch",
            "certificates.k8s.io",
            "networking.k8s.io",
            "policy",
            "rbac.authorization.k8s.io",
            "storage.k8s.io",
            "admissionregistration.k8s.io",
            "apiextensions.k8s.io",
            "scheduling.k8s.io",
            "coordination.k8s.io",
            "node.k8s.io",
            "discovery.k8s.io",
            "resource.k8s.io",
            "flowcontrol.apiserver.k8s.io");

    private final Map<String, Map<String, List<ResourceType<?>>>> groups = new LinkedHashMap<>();
    private final Map<String, ResourceType<?>> byPath = new java.util.HashMap<>();

    public ServedKinds(Kinds kinds) {
        List<ResourceType<?>> served = new ArrayList<>(kinds.all());
        served.removeIf(type -> type.rules().getNotServed() || isVirtual(type));
        served.sort(Comparator.comparingInt((ResourceType<?> type) -> rank(type.group()))
                .thenComparing(ResourceType::group)
                .thenComparing(ResourceType::version, Comparator.reverseOrder())
                .thenComparing(ResourceType::plural));
        for (ResourceType<?> type : served) {
            groups.computeIfAbsent(type.group(), group -> new LinkedHashMap<>())
                    .computeIfAbsent(type.version(), version -> new ArrayList<>())
                    .add(type);
            byPath.put(type.apiVersion() + " " + type.plural(), type);
        }
    }

    /** Bodies of subresources that are no resources themselves. */
    private static boolean isVirtual(ResourceType<?> type) {
        return type.rules().getVerbsCount() == 0;
    }

    private static int rank(String group) {
        int index = GROUP_ORDER.indexOf(group);
        return index < 0 ? GROUP_ORDER.size() : index;
    }

    /** Group names in order; the core group is the empty one, and first. */
    public List<String> groups() {
        return List.copyOf(groups.keySet());
    }

    /** Versions of a group, the preferred one first; empty for a group that is not served. */
    public List<String> versions(String group) {
        return List.copyOf(groups.getOrDefault(group, Map.of()).keySet());
    }

    /** Resources of a group and version by plural name; empty when it is not served. */
    public List<ResourceType<?>> resources(String group, String version) {
        return groups.getOrDefault(group, Map.of()).getOrDefault(version, List.of());
    }

    /** Every served resource. */
    public List<ResourceType<?>> all() {
        return groups.values().stream()
                .flatMap(versions -> versions.values().stream())
                .flatMap(List::stream)
                .toList();
    }

    /** @param apiVersion {@code v1} or {@code apps/v1} */
    public Optional<ResourceType<?>> find(String apiVersion, String plural) {
        return Optional.ofNullable(byPath.get(apiVersion + " " + plural));
    }
}
