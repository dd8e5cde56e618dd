package io.jollyboat.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.nodeipam.NodeIpamController;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.informer.HandInformers;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.VirtualRuntime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeIpamControllerTest {
    private static final ObjectKey N1 = ObjectKey.cluster("n1");

    private final FakeApi api = new FakeApi();
    private final HandInformers informers = new HandInformers();
    private final VirtualRuntime runtime = new VirtualRuntime(1);
    private final Controller controller = NodeIpamController.create(
            new ControllerContext(api, informers, (about, type, reason, message) -> {}, runtime, new Metrics()),
            List.of("10.200.0.0/23"),
            List.of(24));

    @BeforeEach
    void start() {
        informers.start();
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    /** As when a kubelet reports its status between the write and the news of it. */
    @Test
    void aNodeThatStillLooksBareGetsNoSecondBlock() {
        Node bare = create("n1");
        controller.start();
        informers.put(bare);
        await().untilAsserted(() -> assertThat(cidrs(N1)).containsExactly("10.200.0.0/24"));
        await().until(() -> runtime.waiting() == 0);

        informers.put(bare);
        await().untilAsserted(() -> assertThat(runtime.waiting()).isEqualTo(1));
        informers.put(api.get(Types.NODES, N1));
        runtime.advance(Duration.ofSeconds(1));
        await().until(() -> runtime.waiting() == 0);
        assertThat(cidrs(N1)).containsExactly("10.200.0.0/24");
    }

    @Test
    void aRemovedNodesBlockServesAgain() {
        controller.start();
        for (String name : List.of("n1", "n2")) {
            informers.put(create(name));
            ObjectKey key = ObjectKey.cluster(name);
            await().untilAsserted(() -> assertThat(cidrs(key)).hasSize(1));
            informers.put(api.get(Types.NODES, key));
        }
        informers.put(create("n3"));
        await().until(() -> runtime.waiting() == 1); // none is free: it comes back later
        assertThat(cidrs(ObjectKey.cluster("n3"))).isEmpty();
        informers.remove(informers.of(Types.NODES).get(N1));
        runtime.advance(Duration.ofSeconds(30));
        await().untilAsserted(() -> assertThat(cidrs(ObjectKey.cluster("n3"))).containsExactly("10.200.0.0/24"));
    }

    private Node create(String name) {
        Node.Builder node = Node.newBuilder();
        node.getMetadataBuilder().setName(name);
        return api.create(Types.NODES, node.build());
    }

    private List<String> cidrs(ObjectKey node) {
        return api.get(Types.NODES, node).getSpec().getPodCIDRsList();
    }
}
