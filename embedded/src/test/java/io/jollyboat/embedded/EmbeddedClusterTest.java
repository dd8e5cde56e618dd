package io.jollyboat.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.client.GrpcApiClient;
import io.jollyboat.client.Selection;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** As somebody's own test uses it: start, work with it, close, and nothing is left. */
class EmbeddedClusterTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final ResourceType<Deployment> DEPLOYMENTS = Kinds.of(Deployment.class);
    private static final ResourceType<Node> NODES = Kinds.of(Node.class);
    private static final ResourceType<Pod> PODS = Kinds.of(Pod.class);
    private static final ObjectKey WEB = ObjectKey.of("default", "web");

    @Test
    void aDeploymentRunsOnThreeNodesAndNothingIsLeft() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        log.start();
        root.addAppender(log);
        int port;
        int grpcPort;
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3);
                GrpcApiClient client = cluster.apiServer().adminClient()) {
            port = cluster.apiServer().port();
            grpcPort = cluster.apiServer().grpcPort();
            run(client);
        }
        root.detachAppender(log);
        assertThat(accepts(port)).isFalse();
        assertThat(accepts(grpcPort)).isFalse();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(threadsSince(before)).isEmpty());
        assertThat(log.list.stream()
                        .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                        .map(event -> event.getFormattedMessage() + " " + event.getKeyValuePairs()))
                .isEmpty();
    }

    @Test
    void anotherStartsInTheSameJvm() throws Exception {
        for (int i = 0; i < 2; i++) {
            try (EmbeddedCluster cluster = EmbeddedCluster.start(1);
                    GrpcApiClient client = cluster.apiServer().adminClient()) {
                await().atMost(LIMIT)
                        .until(() ->
                                client.list(NODES, "", Selection.ALL).items().size() == 1);
            }
        }
    }

    private static void run(GrpcApiClient client) {
        client.create(DEPLOYMENTS, deployment());
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(client.get(DEPLOYMENTS, WEB).getStatus().getAvailableReplicas())
                    .isEqualTo(6);
            assertThat(pods(client))
                    .hasSize(6)
                    .allMatch(pod -> pod.getStatus().getPhase().equals("Running")
                            && !pod.getStatus().getPodIP().isEmpty());
            assertThat(pods(client).stream().map(pod -> pod.getSpec().getNodeName()))
                    .containsOnly("node-1", "node-2", "node-3");
            assertThat(client.list(NODES, "", Selection.ALL).items().stream()
                            .map(node -> node.getSpec().getPodCIDR())
                            .collect(Collectors.toSet()))
                    .hasSize(3)
                    .allMatch(cidr -> cidr.startsWith("10.200."));
        });
        client.delete(
                DEPLOYMENTS,
                WEB,
                DeleteOptions.newBuilder().setPropagationPolicy("Background").build());
        await().atMost(LIMIT).until(() -> pods(client).isEmpty());
    }

    private static List<Pod> pods(GrpcApiClient client) {
        return client.list(PODS, "default", Selection.ALL).items();
    }

    private static Deployment deployment() {
        Deployment.Builder deployment = Deployment.newBuilder();
        deployment.getMetadataBuilder().setNamespace(WEB.namespace()).setName(WEB.name());
        deployment.getSpecBuilder().setReplicas(6).getSelectorBuilder().putMatchLabels("app", "web");
        var template = deployment.getSpecBuilder().getTemplateBuilder();
        template.getMetadataBuilder().putLabels("app", "web");
        template.getSpecBuilder()
                .setTerminationGracePeriodSeconds(1)
                .addContainersBuilder()
                .setName("web")
                .setImage("web:1");
        return deployment.build();
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    /** Platform threads that were not there; the JVM's own and shared pools may come at any time. */
    private static List<String> threadsSince(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> !name.startsWith("ForkJoinPool") && !name.startsWith("VirtualThread"))
                .filter(name -> !name.startsWith("awaitility"))
                .toList();
    }
}
