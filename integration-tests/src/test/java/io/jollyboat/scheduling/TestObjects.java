package io.jollyboat.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.NodeStatus;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.client.ApiClient;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.time.Duration;

/** Makes nodes and pods as other components would. */
final class TestObjects {
    private static final ResourceType<Node> NODES = Kinds.of(Node.class);
    private static final ResourceType<Pod> PODS = Kinds.of(Pod.class);

    private final ApiClient admin;

    TestObjects(ApiClient admin) {
        this.admin = admin;
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
    }

    void addNode(String name, String cpu) {
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

    void addPod(String name, String cpu) {
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

    void awaitNode(String pod, String node) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(pod(pod).getSpec().getNodeName()).isEqualTo(node));
    }

    private Pod pod(String name) {
        return admin.get(PODS, ObjectKey.of("default", name));
    }
}
