package io.jollyboat.controllers.nodelifecycle;

import io.jollyboat.api.core.v1.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Decides which nodes get or lose the NoExecute taint, zone by zone and in time. While no node at all is ready the fault
 * is more likely here than there: nothing is evicted. Remembers the zones' states and their rates; not thread-safe.
 */
final class EvictionPlanner {
    private static final String EXCLUDED = "node.kubernetes.io/exclude-disruption";

    private final NodeLifecycleConfig config;
    private final Map<String, ZoneState> states = new HashMap<>();
    private final Map<String, Instant> nextAllowed = new HashMap<>();

    EvictionPlanner(NodeLifecycleConfig config) {
        this.config = config;
    }

    /**
     * @param change nodes as they are to be, taints and all
     * @param recovered all nodes were down and no longer are: each must get its grace anew
     * @param again when the rate lets the next node be tainted
     */
    record Plan(List<Node> change, boolean recovered, Optional<Duration> again) {}

    Plan plan(Collection<Node> nodes, Instant now) {
        Map<String, List<Node>> zones = new TreeMap<>();
        for (Node node : nodes) {
            zones.computeIfAbsent(Nodes.zone(node), z -> new ArrayList<>()).add(node);
        }
        Map<String, ZoneState> next = new HashMap<>();
        zones.forEach((zone, members) -> next.put(zone, state(members)));
        boolean allDown = !next.isEmpty() && next.values().stream().allMatch(ZoneState.FULL_DISRUPTION::equals);
        states.keySet().retainAll(zones.keySet());
        nextAllowed.keySet().retainAll(zones.keySet());
        boolean wereAllDown = !states.isEmpty() && states.values().stream().allMatch(ZoneState.FULL_DISRUPTION::equals);
        states.putAll(next);
        if (allDown) {
            return new Plan(changes(nodes, now, node -> ""), false, Optional.empty());
        }
        List<Node> change = new ArrayList<>();
        List<Duration> again = new ArrayList<>();
        zones.forEach((zone, members) -> change.addAll(inZone(zone, members, now, again)));
        return new Plan(change, wereAllDown, again.stream().min(Comparator.naturalOrder()));
    }

    private ZoneState state(List<Node> members) {
        return ZoneState.of(
                members.stream()
                        .filter(node -> !node.getMetadata().containsLabels(EXCLUDED))
                        .map(Nodes::readiness)
                        .toList(),
                config.unhealthyZoneThreshold());
    }

    private List<Node> inZone(String zone, List<Node> members, Instant now, List<Duration> again) {
        double rate = states.get(zone).rate(members.size(), config);
        return changes(members, now, node -> {
            String key = wanted(node);
            boolean tainted = Taints.has(node, Taints.NOT_READY, "NoExecute")
                    || Taints.has(node, Taints.UNREACHABLE, "NoExecute");
            if (key.isEmpty() || tainted) {
                return key;
            }
            // A new eviction: as the rate lets us.
            Instant allowed = nextAllowed.getOrDefault(zone, now);
            if (rate == 0) {
                return "";
            }
            if (allowed.isAfter(now)) {
                again.add(Duration.between(now, allowed));
                return "";
            }
            nextAllowed.put(zone, now.plusNanos((long) (1e9 / rate)));
            return key;
        });
    }

    private static String wanted(Node node) {
        return switch (Nodes.readiness(node)) {
            case "False" -> Taints.NOT_READY;
            case "Unknown" -> Taints.UNREACHABLE;
            default -> "";
        };
    }

    private static List<Node> changes(Collection<Node> nodes, Instant now, Function<Node, String> key) {
        List<Node> changed = new ArrayList<>();
        for (Node node : nodes) {
            Node next = Taints.withExecution(node, key.apply(node), now);
            if (!next.equals(node)) {
                changed.add(next);
            }
        }
        return changed;
    }
}
