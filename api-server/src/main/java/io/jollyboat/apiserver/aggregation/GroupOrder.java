package io.jollyboat.apiserver.aggregation;

import io.jollyboat.api.apiregistration.v1.APIService;
import io.jollyboat.apiserver.discovery.ServedKinds;
import io.jollyboat.apiserver.discovery.VersionOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All groups but the core one with their versions, those first that clients should prefer. Pure. */
final class GroupOrder {
    /** @param versions the preferred one first */
    record Group(String name, List<String> versions) {}

    private record Version(String name, Priorities priorities) {}

    private GroupOrder() {}

    /** What is served here or elsewhere, and whatever else there is an APIService for. */
    static List<Group> of(ServedKinds.Snapshot served, Map<String, APIService> services) {
        Map<String, Map<String, Version>> groups = new TreeMap<>();
        for (String group : served.groups()) {
            for (String version : served.versions(group)) {
                add(groups, group, version, Priorities.usual(group, version));
            }
        }
        for (APIService service : services.values()) {
            add(
                    groups,
                    service.getSpec().getGroup(),
                    service.getSpec().getVersion(),
                    new Priorities(
                            service.getSpec().getGroupPriorityMinimum(),
                            service.getSpec().getVersionPriority()));
        }
        groups.remove("");
        List<Map.Entry<String, Map<String, Version>>> sorted = new ArrayList<>(groups.entrySet());
        sorted.sort(Comparator.comparingInt(entry -> -entry.getValue().values().stream()
                .mapToInt(version -> version.priorities().group())
                .max()
                .orElse(0)));
        return sorted.stream()
                .map(entry -> new Group(entry.getKey(), versions(entry.getValue())))
                .toList();
    }

    private static void add(
            Map<String, Map<String, Version>> groups, String group, String version, Priorities priorities) {
        groups.computeIfAbsent(group, key -> new TreeMap<>()).put(version, new Version(version, priorities));
    }

    private static List<String> versions(Map<String, Version> versions) {
        return versions.values().stream()
                .sorted(Comparator.<Version>comparingInt(
                                version -> -version.priorities().version())
                        .thenComparing(Version::name, VersionOrder.PREFERRED_FIRST))
                .map(Version::name)
                .toList();
    }
}
