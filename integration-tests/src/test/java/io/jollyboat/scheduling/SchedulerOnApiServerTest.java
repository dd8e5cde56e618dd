package io.jollyboat.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.NodeStatus;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodCondition;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.events.v1.Event;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.GrpcApiClient;
import io.jollyboat.client.Selection;
import io.jollyboat.errors.ApiException;
import io.jollyboat.informer.SharedInformers;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.scheduler.Scheduler;
import io.jollyboat.scheduler.SchedulerConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Through the gRPC door with mTLS, under the scheduler's own identity and upstream's roles. */
class SchedulerOnApiServerTest {
    private static final ResourceType<Node> NODES = Kinds.of(Node.class);
    private static final ResourceType<Pod> PODS = Kinds.of(Pod.class);

    private final EmbeddedApiServer server = EmbeddedApiServer.start();
    private final ApiClient admin = server.adminClient();
    private final GrpcApiClient client = server.client(server.pki().scheduler(), "kube-scheduler");
    private final SharedInformers informers = new SharedInformers(client, SystemRuntime.instance());
    private final Scheduler scheduler = new Scheduler(
            SchedulerConfig.embedded(), "test", client, informers, SystemRuntime.instance(), new Metrics(), () -> {});

    @BeforeEach
    void start() {
        try {
            admin.create(
                    Kinds.of(ServiceAccount.class),
                    ServiceAccount.newBuilder()
                            .setMetadata(ObjectMeta.newBuilder()
                                    .setNamespace("default")
                                    .setName("default"))
                            .build());
        } catch (ApiException e) {
            assertThat(e.isAlreadyExists()).isTrue();
        }
        scheduler.start();
        informers.start();
    }

    @AfterEach
    void close() {
        scheduler.close();
        informers.close();
        server.close();
    }

    private void addNode(String name, String cpu) {
        Node created = admin.create(
                NODES,
                Node.newBuilder()
                        .setMetadata(ObjectMeta.newBuilder().setName(name))
                        .build());
        // A new node is tainted until a controller finds it ready: that is this test.
        Node untainted = admin.update(
                NODES,
                created.toBuilder()
                        .setSpec(created.getSpec().toBuilder().clearTaints())
                        .build());
        admin.updateStatus(
                NODES,
                untainted.toBuilder()
                        .setStatus(NodeStatus.newBuilder()
                                .putAllocatable("cpu", quantity(cpu))
                                .putAllocatable("memory", quantity("8Gi"))
                                .putAllocatable("pods", quantity("110")))
                        .build());
    }

    private static Quantity quantity(String text) {
        return Quantity.newBuilder().setString(text).build();
    }

    private void addPod(String name, String cpu) {
        Container.Builder container = Container.newBuilder().setName("c").setImage("web:1");
        container.getResourcesBuilder().putRequests("cpu", quantity(cpu));
        admin.create(
                PODS,
                Pod.newBuilder()
                        .setMetadata(
                                ObjectMeta.newBuilder().setNamespace("default").setName(name))
                        .setSpec(PodSpec.newBuilder().addContainers(container))
                        .build());
    }

    private Pod pod(String name) {
        return admin.get(PODS, ObjectKey.of("default", name));
    }

    private void awaitNode(String pod, String node) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(pod(pod).getSpec().getNodeName()).isEqualTo(node));
    }

    private Optional<PodCondition> scheduled(String pod) {
        return pod(pod).getStatus().getConditionsList().stream()
                .filter(c -> c.getType().equals("PodScheduled"))
                .findFirst();
    }

    private List<String> notes(String reason) {
        return admin.list(Kinds.of(Event.class), "default", Selection.ALL).items().stream()
                .filter(e -> e.getReason().equals(reason))
                .map(Event::getNote)
                .toList();
    }

    @Test
    void aPodGetsItsNode() {
        addNode("a", "4");
        addPod("web", "100m");
        awaitNode("web", "a");
        assertThat(scheduled("web"))
                .hasValueSatisfying(c -> assertThat(c.getStatus()).isEqualTo("True"));
        await().untilAsserted(
                        () -> assertThat(notes("Scheduled")).containsExactly("Successfully assigned default/web to a"));
    }

    @Test
    void aPodThatFitsNowhereIsToldSoAndPlacedWhenThereIsRoom() {
        addNode("small", "1");
        addPod("first", "800m");
        awaitNode("first", "small");
        addPod("big", "800m");
        String message = "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1"
                + " nodes are available: 1 No preemption victims found for incoming pod.";
        await().untilAsserted(() -> assertThat(scheduled("big")).hasValueSatisfying(c -> {
            assertThat(c.getStatus()).isEqualTo("False");
            assertThat(c.getReason()).isEqualTo("Unschedulable");
            assertThat(c.getMessage()).isEqualTo(message);
        }));
        await().untilAsserted(() -> assertThat(notes("FailedScheduling")).contains(message));
        admin.delete(
                PODS,
                ObjectKey.of("default", "first"),
                DeleteOptions.newBuilder().setGracePeriodSeconds(0).build());
        awaitNode("big", "small");
    }

    @Test
    void goesOnAfterTheApiServersReturn() {
        addNode("a", "4");
        addPod("before", "100m");
        awaitNode("before", "a");
        server.stop();
        server.restart();
        // 503 until the test's own connection is back.
        await().ignoreException(ApiException.class).until(() -> {
            addPod("after", "100m");
            return true;
        });
        awaitNode("after", "a");
    }
}
