package io.jollyboat.kubelet.node;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.NodeCondition;
import io.jollyboat.api.core.v1.NodeSpec;
import io.jollyboat.api.core.v1.NodeStatus;
import io.jollyboat.api.core.v1.ObjectReference;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.client.ApiClient;
import io.jollyboat.errors.ApiException;
import io.jollyboat.events.EventRecorder;
import io.jollyboat.events.EventType;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Registers the node and keeps its status: looked at every few seconds, written when something changed, or after five
 * minutes.
 */
public final class NodeReporter implements AutoCloseable {
    private static final Log LOG = Log.of(NodeReporter.class);
    private static final ResourceType<Node> NODES = Kinds.of(Node.class);
    private static final Duration REPORT = Duration.ofMinutes(5);
    private static final Duration NOT_READY_LOOK = Duration.ofMillis(100);
    private static final Duration RETRY = Duration.ofMillis(500);

    private final ApiClient client;
    private final NodeSettings settings;
    private final NodeInspector inspector;
    private final EventRecorder events;
    private final Runtime runtime;
    private final Consumer<Node> seen;
    private Node known;
    private Instant reportedAt = Instant.EPOCH;
    private Thread thread;

    /** @param seen gets the node whenever it was read or written */
    public NodeReporter(
            ApiClient client,
            NodeSettings settings,
            NodeInspector inspector,
            EventRecorder events,
            Runtime runtime,
            Consumer<Node> seen) {
        this.client = client;
        this.settings = settings;
        this.inspector = inspector;
        this.events = events;
        this.runtime = runtime;
        this.seen = seen;
    }

    public void start() {
        tell("Starting", "Starting kubelet.");
        thread = runtime.start("node " + settings.nodeName(), this::run);
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void run() {
        boolean ready = false;
        boolean failing = false;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                if (known != null && !ready) {
                    // The pods' network comes with the node's range, which a controller gives it.
                    known = client.get(NODES, key());
                    seen.accept(known);
                }
                ready = report();
                failing = false;
            } catch (ApiException e) {
                if (!failing) {
                    LOG.warn("cannot report the node", "key", settings.nodeName(), "error", e.getMessage());
                }
                failing = true;
                known = null;
            }
            try {
                if (failing) {
                    client.pause(runtime, RETRY);
                } else {
                    runtime.sleep(ready ? settings.statusInterval() : NOT_READY_LOOK);
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Answers whether the node is ready. */
    private boolean report() {
        if (known == null) {
            known = register();
            seen.accept(known);
        } else if (known.getSpec().getPodCIDR().isEmpty()) {
            // A controller gives the node its pod range; pods can run only then.
            known = client.get(NODES, key());
            seen.accept(known);
        }
        Instant now = runtime.now();
        NodeStatus status = NodeStatuses.compute(known.getStatus(), inspector.look(), now);
        boolean due = !now.isBefore(reportedAt.plus(REPORT));
        if (due || NodeStatuses.differ(known.getStatus(), status)) {
            NodeStatus before = known.getStatus();
            write(status);
            reportedAt = now;
            tellChanges(before, known.getStatus());
            seen.accept(known);
        }
        return isReady(known.getStatus());
    }

    /** The API's node may have moved on, a controller gives it its pod range: then once more on top of that. */
    private void write(NodeStatus status) {
        try {
            known = client.updateStatus(
                    NODES, known.toBuilder().setStatus(status).build());
        } catch (ApiException e) {
            if (!e.isConflict()) {
                throw e;
            }
            known = client.get(NODES, key());
            known = client.updateStatus(
                    NODES, known.toBuilder().setStatus(status).build());
        }
    }

    private Node register() {
        try {
            Node node = client.get(NODES, key());
            Map<String, String> labels = new TreeMap<>(node.getMetadata().getLabelsMap());
            labels.putAll(labels());
            if (labels.equals(node.getMetadata().getLabelsMap())) {
                return node;
            }
            return client.update(
                    NODES,
                    node.toBuilder()
                            .setMetadata(node.getMetadata().toBuilder().putAllLabels(labels))
                            .build());
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
        Node fresh = Node.newBuilder()
                .setMetadata(
                        ObjectMeta.newBuilder().setName(settings.nodeName()).putAllLabels(labels()))
                .setSpec(NodeSpec.getDefaultInstance())
                .setStatus(NodeStatuses.compute(NodeStatus.getDefaultInstance(), inspector.look(), runtime.now()))
                .build();
        Node created = client.create(NODES, fresh);
        LOG.info("node registered", "key", settings.nodeName());
        return created;
    }

    private Map<String, String> labels() {
        Map<String, String> labels = new TreeMap<>(settings.labels());
        labels.put("kubernetes.io/hostname", settings.nodeName());
        labels.put("kubernetes.io/os", "linux");
        labels.put("kubernetes.io/arch", Machine.architecture());
        labels.put("beta.kubernetes.io/os", "linux");
        labels.put("beta.kubernetes.io/arch", Machine.architecture());
        return labels;
    }

    private void tellChanges(NodeStatus before, NodeStatus now) {
        for (NodeCondition condition : now.getConditionsList()) {
            boolean changed = before.getConditionsList().stream()
                    .noneMatch(c -> c.getType().equals(condition.getType())
                            && c.getStatus().equals(condition.getStatus()));
            String reason = changed ? reason(condition) : "";
            if (!reason.isEmpty()) {
                tell(reason, "Node " + settings.nodeName() + " status is now: " + reason);
            }
        }
    }

    private static String reason(NodeCondition condition) {
        boolean holds = condition.getStatus().equals("True");
        return switch (condition.getType()) {
            case "MemoryPressure" -> holds ? "NodeHasInsufficientMemory" : "NodeHasSufficientMemory";
            case "DiskPressure" -> holds ? "NodeHasDiskPressure" : "NodeHasNoDiskPressure";
            case "PIDPressure" -> holds ? "NodeHasInsufficientPID" : "NodeHasSufficientPID";
            case "Ready" -> holds ? "NodeReady" : "NodeNotReady";
            default -> "";
        };
    }

    /** As upstream has it, the node's name stands for its uid in its events. */
    private void tell(String reason, String message) {
        ObjectReference node = ObjectReference.newBuilder()
                .setKind("Node")
                .setApiVersion("v1")
                .setName(settings.nodeName())
                .setUid(settings.nodeName())
                .build();
        events.record(node, EventType.NORMAL, reason, message);
    }

    private static boolean isReady(NodeStatus status) {
        return status.getConditionsList().stream()
                .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    private ObjectKey key() {
        return ObjectKey.cluster(settings.nodeName());
    }
}
