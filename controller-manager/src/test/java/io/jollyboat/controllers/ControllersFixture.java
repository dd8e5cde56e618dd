package io.jollyboat.controllers;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.Selection;
import io.jollyboat.controllers.nodelifecycle.NodeLifecycleConfig;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.values.IntOrStrings;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** All controllers together, with fake kubelets, and what tests of them create and look at. */
abstract class ControllersFixture {
    static final NodeLifecycleConfig QUICK =
            new NodeLifecycleConfig(Duration.ofSeconds(3), Duration.ofSeconds(3), 10, 0.1, 50, 0.55);
    ApiClient api;
    ControllerManager manager;
    FakeKubelets kubelets;

    /** May do everything. */
    abstract ApiClient admin();

    abstract ApiClients clients();

    @BeforeEach
    void start() {
        api = admin();
        manager = new ControllerManager(
                ControllerManagerConfig.embedded("10.200.0.0/16", QUICK),
                "CA",
                clients(),
                SystemRuntime.instance(),
                new Metrics());
        manager.start();
        kubelets = new FakeKubelets(api);
        kubelets.start();
    }

    @AfterEach
    void stop() {
        manager.close();
        kubelets.close();
    }

    void node(String name) {
        create(Node.newBuilder(), n -> n.getMetadataBuilder().setName(name));
        eventually(() -> {
            Node.Builder ready = api.get(Types.NODES, ObjectKey.cluster(name)).toBuilder();
            ready.getStatusBuilder().addConditionsBuilder().setType("Ready").setStatus("True");
            api.updateStatus(Types.NODES, ready.build());
        });
    }

    void deployment(String name, int replicas, String image) {
        create(Deployment.newBuilder(), d -> {
            d.getMetadataBuilder().setNamespace("default").setName(name);
            d.getSpecBuilder()
                    .setReplicas(replicas)
                    .setProgressDeadlineSeconds(600)
                    .getSelectorBuilder()
                    .putMatchLabels("app", name);
            d.getSpecBuilder().getTemplateBuilder().getMetadataBuilder().putLabels("app", name);
            d.getSpecBuilder()
                    .getTemplateBuilder()
                    .getSpecBuilder()
                    .addContainersBuilder()
                    .setName("c")
                    .setImage(image);
            d.getSpecBuilder()
                    .getTemplateBuilder()
                    .getSpecBuilder()
                    .addTolerationsBuilder()
                    .setKey("node.kubernetes.io/unreachable")
                    .setOperator("Exists")
                    .setEffect("NoExecute")
                    .setTolerationSeconds(1);
            d.getSpecBuilder()
                    .getStrategyBuilder()
                    .setType("RollingUpdate")
                    .getRollingUpdateBuilder()
                    .setMaxSurge(IntOrStrings.of("25%"))
                    .setMaxUnavailable(IntOrStrings.of("25%"));
        });
    }

    void setImage(String name, String image) {
        edit(
                Deployment.class,
                name,
                d -> d.getSpecBuilder()
                        .getTemplateBuilder()
                        .getSpecBuilder()
                        .getContainersBuilder(0)
                        .setImage(image));
    }

    int available(String deployment) {
        return find(Deployment.class, deployment).getStatus().getAvailableReplicas();
    }

    long readyAddresses() {
        return list(EndpointSlice.class).stream()
                .filter(s -> s.getMetadata()
                        .getLabelsOrDefault("kubernetes.io/service-name", "")
                        .equals("web"))
                .flatMap(s -> s.getEndpointsList().stream())
                .filter(e -> e.getConditions().getReady())
                .count();
    }

    List<Pod> pods() {
        return list(Pod.class);
    }

    List<String> uids() {
        return pods().stream().map(p -> p.getMetadata().getUid()).sorted().toList();
    }

    <T extends Message> List<T> list(Class<T> kind) {
        return api.list(Kinds.of(kind), "default", Selection.ALL).items();
    }

    <T extends Message> T find(Class<T> kind, String name) {
        return find(Kinds.of(kind), ObjectKey.of("default", name));
    }

    <T extends Message> T find(ResourceType<T> type, ObjectKey key) {
        try {
            return api.get(type, key);
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return null;
            }
            throw e;
        }
    }

    void delete(ResourceType<?> type, String name, String policy) {
        api.delete(
                type,
                ObjectKey.of("default", name),
                DeleteOptions.newBuilder().setPropagationPolicy(policy).build());
    }

    @SuppressWarnings("unchecked") // a builder makes its own kind
    <B extends Message.Builder> void create(B builder, Consumer<B> change) {
        change.accept(builder);
        Message message = builder.build();
        api.create((ResourceType<Message>) Kinds.of(message.getClass()), message);
    }

    @SuppressWarnings("unchecked") // a message's builder makes its own kind
    <T extends Message> void edit(Class<T> kind, String name, Consumer<Deployment.Builder> change) {
        eventually(() -> {
            Message.Builder builder = find(kind, name).toBuilder();
            change.accept((Deployment.Builder) builder);
            api.update(Kinds.of(kind), (T) builder.build());
        });
    }

    static void eventually(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptionsInstanceOf(RuntimeException.class)
                .untilAsserted(assertion);
    }
}
