package io.jollyboat.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.client.Selection;
import io.jollyboat.informer.SharedInformers;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kubelet.testing.MemoryApi;
import io.jollyboat.kubelet.testing.Pods;
import io.jollyboat.runtime.SystemRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class SimulatedNodesTest {
    private static final int NODES = 200;

    @Test
    void manyNodesRunTheirOwnPodsOverOneWatch() throws Exception {
        SystemRuntime runtime = SystemRuntime.instance();
        MemoryApi api = new MemoryApi(runtime);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            names.add("node-" + i);
        }
        try (SharedInformers informers = new SharedInformers(api, runtime);
                SimulatedNodes nodes = new SimulatedNodes(
                        api, informers, names, SimulatedNodes.CAPACITY, Duration.ofSeconds(10), runtime)) {
            informers.start();
            nodes.start();
            for (int i = 0; i < 2 * NODES; i++) {
                String node = "node-" + i % NODES;
                api.create(
                        Kinds.of(Pod.class),
                        Pods.pod(
                                "p" + i,
                                s -> s.setNodeName(node).addContainers(Pods.container("c", "any:1", List.of()))));
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> api.list(Kinds.of(Pod.class), "", Selection.ALL).items().stream()
                            .allMatch(p -> p.getStatus().getPhase().equals("Running")));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> api.list(Kinds.of(Node.class), "", Selection.ALL)
                                    .items()
                                    .size()
                            == NODES);
            Node node =
                    api.list(Kinds.of(Node.class), "", Selection.ALL).items().getFirst();
            assertThat(node.getStatus().getCapacityOrThrow("cpu").getString()).isEqualTo("8");
            assertThat(node.getStatus().getNodeInfo().getContainerRuntimeVersion())
                    .isEqualTo("simulated://1.0.0");
        }
    }
}
