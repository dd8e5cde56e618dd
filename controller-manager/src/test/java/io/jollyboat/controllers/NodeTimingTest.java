package io.jollyboat.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.coordination.v1.Lease;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.NodeCondition;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodCondition;
import io.jollyboat.api.core.v1.Taint;
import io.jollyboat.client.ApiClient;
import io.jollyboat.controllers.nodelifecycle.NodeLifecycleConfig;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.runtime.VirtualRuntime;
import io.jollyboat.values.Times;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Upstream's times for a node that falls silent, by a clock that only the test moves: 50 s, then 300 s. */
class NodeTimingTest {
    // The fake API server's own clock is the real one: begin there.
    private final VirtualRuntime runtime =
            new VirtualRuntime(1, SystemRuntime.instance().now().truncatedTo(ChronoUnit.SECONDS));
    private final FakeApi api = new FakeApi();
    private final ControllerManager manager = new ControllerManager(
            ControllerManagerConfig.embedded("10.200.0.0/16", NodeLifecycleConfig.defaults()),
            "CA",
            new ApiClients() {
                @Override
                public ApiClient own() {
                    return api;
                }

                @Override
                public ApiClient as(String serviceAccount) {
                    return api;
                }
            },
            runtime,
            new Metrics());

    @BeforeEach
    void start() {
        for (String name : List.of("default", "kube-system", "kube-node-lease")) {
            Namespace.Builder namespace = Namespace.newBuilder();
            namespace.getMetadataBuilder().setName(name);
            api.create(Types.NAMESPACES, namespace.build());
        }
        manager.start();
        node("silent");
        node("alive");
        eventually(() -> List.of("silent", "alive").stream()
                .noneMatch(n -> get(n).getSpec().getPodCIDR().isEmpty()));
    }

    @AfterEach
    void stop() {
        manager.close();
    }

    private void node(String name) {
        Node.Builder node = Node.newBuilder();
        node.getMetadataBuilder().setName(name);
        node.getStatusBuilder().addConditionsBuilder().setType("Ready").setStatus("True");
        api.create(Types.NODES, node.build());
        Lease.Builder lease = Lease.newBuilder();
        lease.getMetadataBuilder().setName(name).setNamespace("kube-node-lease");
        lease.getSpecBuilder().setRenewTime(Times.microTime(runtime.now()));
        api.create(Kinds.of(Lease.class), lease.build());
    }

    private Node get(String node) {
        return api.get(Types.NODES, ObjectKey.cluster(node));
    }

    /** What the kubelet does that lives; it also speaks up should the clock have outrun the controllers' threads. */
    private void renew(String name) {
        Node.Builder node = get(name).toBuilder();
        if (!node.getStatus().getConditions(0).getStatus().equals("True")) {
            node.getStatusBuilder().getConditionsBuilder(0).setStatus("True");
            api.updateStatus(Types.NODES, node.build());
        }
        Lease.Builder lease = api.get(Kinds.of(Lease.class), ObjectKey.of("kube-node-lease", name)).toBuilder();
        lease.getSpecBuilder().setRenewTime(Times.microTime(runtime.now()));
        api.update(Kinds.of(Lease.class), lease.build());
    }

    /** As admission has it where the pod says nothing. */
    private void pod(String name, String node, long tolerationSeconds) {
        Pod.Builder pod = Pod.newBuilder();
        pod.getMetadataBuilder().setNamespace("default").setName(name);
        pod.getSpecBuilder().setNodeName(node);
        for (String taint : List.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")) {
            pod.getSpecBuilder()
                    .addTolerationsBuilder()
                    .setKey(taint)
                    .setOperator("Exists")
                    .setEffect("NoExecute")
                    .setTolerationSeconds(tolerationSeconds);
        }
        api.create(Types.PODS, pod.build());
    }

    private Pod pod(String name) {
        return api.get(Types.PODS, ObjectKey.of("default", name));
    }

    private static void eventually(BooleanSupplier condition) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(condition::getAsBoolean);
    }

    /** Moves the clock on second by second, with the other node alive, until it has come about. */
    private void advanceUntil(BooleanSupplier condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    if (condition.getAsBoolean()) {
                        return true;
                    }
                    renew("alive");
                    runtime.advance(Duration.ofSeconds(1));
                    return false;
                });
    }

    private Instant becameUnknown() {
        NodeCondition ready = get("silent").getStatus().getConditionsList().stream()
                .filter(c -> c.getType().equals("Ready"))
                .findFirst()
                .orElseThrow();
        return ready.getStatus().equals("Unknown") ? Times.instant(ready.getLastTransitionTime()) : null;
    }

    @Test
    void aSilentNodeIsUnknownAfter50SecondsAndItsPodsGoAfter300More() {
        pod("stays-its-time", "silent", 300);
        pod("goes-early", "silent", 10);
        pod("elsewhere", "alive", 300);
        Instant begin = runtime.now();
        advanceUntil(() -> becameUnknown() != null);
        // The clock may have gone on while the controllers' threads worked; it was never ahead of the deadline.
        assertThat(becameUnknown()).isAfterOrEqualTo(begin.plusSeconds(50));
        advanceUntil(() -> get("silent").getSpec().getTaintsList().stream()
                .anyMatch(t -> t.getEffect().equals("NoExecute")));
        Taint taint = get("silent").getSpec().getTaintsList().stream()
                .filter(t -> t.getEffect().equals("NoExecute"))
                .findFirst()
                .orElseThrow();
        assertThat(taint.getKey()).isEqualTo("node.kubernetes.io/unreachable");
        assertThat(get("silent").getSpec().getTaintsList())
                .anyMatch(t -> t.getKey().equals("node.kubernetes.io/unreachable")
                        && t.getEffect().equals("NoSchedule"));
        Instant tainted = Times.instant(taint.getTimeAdded());
        assertThat(tainted).isAfterOrEqualTo(begin.plusSeconds(50));

        advanceUntil(() -> disrupted("goes-early") != null);
        assertThat(disrupted("goes-early")).isAfterOrEqualTo(tainted.plusSeconds(10));
        assertThat(disrupted("stays-its-time")).isNull();
        advanceUntil(() -> disrupted("stays-its-time") != null);
        assertThat(disrupted("stays-its-time")).isAfterOrEqualTo(tainted.plusSeconds(300));
        eventually(() -> pod("stays-its-time").getMetadata().hasDeletionTimestamp());

        assertThat(disrupted("elsewhere")).isNull();
        advanceUntil(() -> get("alive").getSpec().getTaintsList().isEmpty());
    }

    private Instant disrupted(String pod) {
        return pod(pod).getStatus().getConditionsList().stream()
                .filter(c -> c.getType().equals("DisruptionTarget"))
                .map(PodCondition::getLastTransitionTime)
                .map(Times::instant)
                .findFirst()
                .orElse(null);
    }
}
