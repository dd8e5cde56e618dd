package io.jollyboat.apiserver.discovery;

import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which groups, versions and resources this server serves, in upstream's order of preference. Custom resources come and
 * go: who asks several questions that belong together asks one {@link #snapshot}. Thread-safe.
 */
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

    private final List<ResourceType<?>> builtIn;
    private volatile Snapshot current;
    private volatile Runnable listener = () -> {};

    public ServedKinds(Kinds kinds) {
        List<ResourceType<?>> served = new ArrayList<>(kinds.all());
        served.removeIf(type -> type.rules().getNotServed() || isVirtual(type));
        served.sort(Comparator.comparingInt((ResourceType<?> type) -> rank(type.group()))
                .thenComparing(ResourceType::group)
                .thenComparing(ResourceType::version, Comparator.reverseOrder())
                .thenComparing(ResourceType::plural));
        this.builtIn = List.copyOf(served);
        this.current = new Snapshot(builtIn, List.of());
    }

    /** Bodies of subresources that are no resources themselves. */
    private static boolean isVirtual(ResourceType<?> type) {
        return type.rules().getVerbsCount() == 0;
    }

    private static int rank(String group) {
        int index = GROUP_ORDER.indexOf(group);
        return index < 0 ? GROUP_ORDER.size() : index;
    }

    /** Replaces the custom resources that are served. */
    public void serve(Collection<ResourceType<CustomObject>> custom) {
        List<ResourceType<?>> sorted = new ArrayList<>(custom);
        sorted.sort(Comparator.comparing((ResourceType<?> type) -> type.group())
                .thenComparing(ResourceType::version, VersionOrder.PREFERRED_FIRST)
                .thenComparing(ResourceType::plural));
        current = new Snapshot(builtIn, List.copyOf(sorted));
        listener.run();
    }

    /** @param changed run after every change, by whoever makes it; only hands over */
    public void onChange(Runnable changed) {
        listener = changed;
    }

    /** What is served now. */
    public Snapshot snapshot() {
        return current;
    }

    /** See {@link Snapshot#groups}. */
    public List<String> groups() {
        return current.groups();
    }

    /** See {@link Snapshot#versions}. */
    public List<String> versions(String group) {
        return current.versions(group);
    }

    /** See {@link Snapshot#resources}. */
    public List<ResourceType<?>> resources(String group, String version) {
        return current.resources(group, version);
    }

    /** See {@link Snapshot#all}. */
    public List<ResourceType<?>> all() {
        return current.all();
    }

    /** See {@link Snapshot#find}. */
    public Optional<ResourceType<?>> find(String apiVersion, String plural) {
        return current.find(apiVersion, plural);
    }

    /** What is served at one moment. Immutable; a change makes another one. */
    public static final class Snapshot {
        private final List<ResourceType<?>> custom;
        private final Map<String, Map<String, List<ResourceType<?>>>> groups = new LinkedHashMap<>();
        private final Map<String, ResourceType<?>> byPath = new HashMap<>();

        private Snapshot(List<ResourceType<?>> builtIn, List<ResourceType<?>> custom) {
            this.custom = custom;
            builtIn.forEach(this::add);
            custom.forEach(this::add);
        }

        /** A built-in resource of the same name wins. */
        private void add(ResourceType<?> type) {
            if (byPath.putIfAbsent(type.apiVersion() + " " + type.plural(), type) == null) {
                groups.computeIfAbsent(type.group(), group -> new LinkedHashMap<>())
                        .computeIfAbsent(type.version(), version -> new ArrayList<>())
                        .add(type);
            }
        }

        /** The custom resources. */
        public List<ResourceType<?>> custom() {
            return custom;
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
}
