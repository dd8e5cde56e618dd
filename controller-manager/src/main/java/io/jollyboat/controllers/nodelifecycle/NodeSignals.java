package io.jollyboat.controllers.nodelifecycle;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.NodeCondition;
import io.jollyboat.api.meta.v1.Time;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.values.Times;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When each node was last heard of, by this process's clock: a changed lease or a changed heartbeat. Nodes' own clocks
 * are not trusted.
 */
final class NodeSignals {
    private final Runtime runtime;
    private final Map<String, Instant> heard = new ConcurrentHashMap<>();

    NodeSignals(Runtime runtime) {
        this.runtime = runtime;
    }

    void heard(String node) {
        heard.put(node, runtime.now());
    }

    /** After a time in which nobody could be heard: all get their grace again. */
    void heardAll() {
        heard.replaceAll((node, before) -> runtime.now());
    }

    void forget(String node) {
        heard.remove(node);
    }

    void nodeChanged(Node before, Node after) {
        String name = after.getMetadata().getName();
        if (before == null && Nodes.readiness(after).isEmpty()) {
            heard.putIfAbsent(name, Times.instant(after.getMetadata().getCreationTimestamp()));
        } else if (before == null || !heartbeat(before).equals(heartbeat(after))) {
            heard(name);
        }
    }

    Instant lastHeard(String node) {
        return heard.computeIfAbsent(node, n -> runtime.now());
    }

    private static Optional<Time> heartbeat(Node node) {
        return Nodes.condition(node, "Ready").map(NodeCondition::getLastHeartbeatTime);
    }
}
