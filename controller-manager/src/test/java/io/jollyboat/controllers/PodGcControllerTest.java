package io.jollyboat.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.client.Selection;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.controllers.podgc.PodGcController;
import io.jollyboat.informer.HandInformers;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.VirtualRuntime;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PodGcControllerTest {
    private static final Duration QUARANTINE = Duration.ofSeconds(40);
    private static final ObjectKey NODE = ObjectKey.cluster("n1");

    private final FakeApi api = new FakeApi();
    private final HandInformers informers = new HandInformers();
    private final VirtualRuntime runtime = new VirtualRuntime(1);
    private final Controller controller = PodGcController.create(
            new ControllerContext(api, informers, (about, type, reason, message) -> {}, runtime, new Metrics()), 3);

    @BeforeEach
    void start() {
        Namespace.Builder namespace = Namespace.newBuilder();
        namespace.getMetadataBuilder().setName("default");
        api.create(Types.NAMESPACES, namespace.build());
        informers.start();
        controller.start();
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void aPodWhoseNodeWentIsFailedAndRemovedAfterTheQuarantine() {
        node(n -> {});
        pod("lost", p -> p.getSpecBuilder().setNodeName("n1"));
        // Seen at the moment of its removal: a finalizer keeps it.
        pod("held", p -> {
            p.getSpecBuilder().setNodeName("n1");
            p.getMetadataBuilder().addFinalizers("example.com/hold");
        });
        api.delete(Types.NODES, NODE, DeleteOptions.getDefaultInstance());
        informers.remove(informers.of(Types.NODES).get(NODE));
        await().until(() -> runtime.waiting() == 2);
        runtime.advance(QUARANTINE.minusMillis(1));
        assertThat(names()).containsExactly("held", "lost");
        runtime.advance(Duration.ofMillis(1));
        await().untilAsserted(() -> assertThat(names()).containsExactly("held"));
        await().untilAsserted(() -> {
            Pod held = api.get(Types.PODS, ObjectKey.of("default", "held"));
            assertThat(held.getMetadata().hasDeletionTimestamp()).isTrue();
            assertThat(held.getStatus().getPhase()).isEqualTo("Failed");
            assertThat(held.getStatus().getConditionsList()).singleElement().satisfies(condition -> {
                assertThat(condition.getType()).isEqualTo("DisruptionTarget");
                assertThat(condition.getStatus()).isEqualTo("True");
                assertThat(condition.getReason()).isEqualTo("DeletionByPodGC");
                assertThat(condition.getMessage()).isEqualTo("PodGC: node no longer exists");
            });
        });
    }

    @Test
    void aNodeThatRegistersAgainKeepsItsPods() {
        node(n -> {});
        pod("kept", p -> p.getSpecBuilder().setNodeName("n1"));
        api.delete(Types.NODES, NODE, DeleteOptions.getDefaultInstance());
        informers.remove(informers.of(Types.NODES).get(NODE));
        // It is back, though the cache does not show it yet.
        api.create(Types.NODES, named(Node.newBuilder()).build());
        await().until(() -> runtime.waiting() == 1);
        runtime.advance(QUARANTINE);
        settled();
        assertThat(names()).containsExactly("kept");
    }

    @Test
    void aDeletedPodThatWasNeverScheduledGoesAtOnce() {
        node(n -> {});
        pod("pending", p -> {});
        pod("running", p -> p.getSpecBuilder().setNodeName("n1"));
        for (String name : List.of("pending", "running")) {
            Pod.Builder deleted = api.get(Types.PODS, ObjectKey.of("default", name)).toBuilder();
            deleted.getMetadataBuilder().getDeletionTimestampBuilder().setSeconds(1);
            informers.put(deleted.build());
        }
        await().untilAsserted(() -> assertThat(names()).containsExactly("running"));
        settled();
        assertThat(names()).containsExactly("running");
    }

    @Test
    void aPodOfANodeOutOfServiceGoesWhenItIsDeleted() {
        node(n -> n.getSpecBuilder()
                .addTaintsBuilder()
                .setKey("node.kubernetes.io/out-of-service")
                .setEffect("NoExecute"));
        pod("stuck", p -> p.getSpecBuilder().setNodeName("n1"));
        pod("other", p -> p.getSpecBuilder().setNodeName("n1"));
        delete("stuck");
        await().untilAsserted(() -> assertThat(names()).containsExactly("other"));
    }

    @Test
    void onlyTheOldestOfTooManyFinishedPodsGo() {
        node(n -> {});
        for (int i = 1; i <= 5; i++) {
            pod("p" + i, p -> p.getSpecBuilder().setNodeName("n1"));
            Pod.Builder finished = api.get(Types.PODS, ObjectKey.of("default", "p" + i)).toBuilder();
            finished.getStatusBuilder().setPhase("Succeeded");
            finished.getMetadataBuilder().getCreationTimestampBuilder().setSeconds(i);
            if (i == 5) {
                finished.getStatusBuilder().setPhase("Failed").setReason("Evicted");
            }
            informers.put(finished.build());
        }
        pod("alive", p -> p.getSpecBuilder().setNodeName("n1"));
        await().untilAsserted(() -> assertThat(names()).containsExactly("alive", "p2", "p3", "p4"));
        settled();
        assertThat(names()).containsExactly("alive", "p2", "p3", "p4");
    }

    /** No reconciliation runs or waits. */
    private void settled() {
        await().until(() -> runtime.waiting() == 0);
    }

    private void node(Consumer<Node.Builder> change) {
        Node.Builder node = named(Node.newBuilder());
        change.accept(node);
        informers.put(api.create(Types.NODES, node.build()));
    }

    private static Node.Builder named(Node.Builder node) {
        node.getMetadataBuilder().setName(NODE.name());
        return node;
    }

    private void pod(String name, Consumer<Pod.Builder> change) {
        Pod.Builder pod = Pod.newBuilder();
        pod.getMetadataBuilder().setNamespace("default").setName(name);
        change.accept(pod);
        informers.put(api.create(Types.PODS, pod.build()));
    }

    private void delete(String name) {
        ObjectKey key = ObjectKey.of("default", name);
        api.delete(Types.PODS, key, DeleteOptions.getDefaultInstance());
        informers.put(api.get(Types.PODS, key));
    }

    private List<String> names() {
        return api.list(Types.PODS, "default", Selection.ALL).items().stream()
                .map(pod -> pod.getMetadata().getName())
                .toList();
    }
}
