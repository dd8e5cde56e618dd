package io.jollyboat.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.apiserver.RestClient;
import io.jollyboat.apiserver.remote.Kubeconfig;
import io.jollyboat.apiserver.webhook.LoopbackServer;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.SystemRuntime;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Events go to a server over TLS, which hangs, fails, and goes away. */
class WebhookSinkTest {
    private static final CounterDataPoint LOST = new AuditMetrics(new Metrics()).lost("test");

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final BlockingQueue<LoopbackServer.Behaviour> next = new LinkedBlockingQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private LoopbackServer server;

    @BeforeEach
    void start() throws IOException {
        server = LoopbackServer.https(List.of("127.0.0.1"), (request, out) -> {
            LoopbackServer.Behaviour behaviour = next.poll();
            return behaviour == null
                    ? LoopbackServer.reply(out, 200, "application/json", "{}")
                    : behaviour.answer(request, out);
        });
    }

    @AfterEach
    void stop() throws IOException {
        over.countDown();
        server.close();
    }

    private WebhookSink sink(int maxEvents, Duration timeout) throws IOException {
        Path file = Files.writeString(folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                current-context: audit
                contexts: [{name: audit, context: {cluster: sink, user: server}}]
                clusters:
                  - name: sink
                    cluster: {server: "https://127.0.0.1:%d/events?x=1", certificate-authority-data: %s}
                users: [{name: server, user: {token: t0ken}}]
                """.formatted(server.port(), server.caBundle()));
        AuditConfig.Webhook config =
                new AuditConfig.Webhook(file, maxEvents, Duration.ofMillis(20), Duration.ofMillis(10), timeout);
        return new WebhookSink(config, Kubeconfig.read(file), LOST, SystemRuntime.instance());
    }

    private static void write(WebhookSink sink, String id) {
        sink.write(JsonNodeFactory.instance
                .objectNode()
                .put("kind", "Event")
                .put("apiVersion", "audit.k8s.io/v1")
                .put("auditID", id));
    }

    /** The ids of all requests that came, one list each. */
    private List<List<String>> lists() {
        return server.requests().stream()
                .map(request ->
                        RestClient.JSON.readTree(request.body()).path("items").findValuesAsString("auditID"))
                .toList();
    }

    @Test
    void eventsComeAsListsWithTheCredentialsOfTheFile() throws IOException {
        try (WebhookSink sink = sink(2, Duration.ofSeconds(30))) {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                write(sink, "e" + i);
                ids.add("e" + i);
            }
            await().atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(lists().stream().flatMap(List::stream)).containsExactlyElementsOf(ids));
            assertThat(lists()).allMatch(list -> list.size() <= 2);
        }
        LoopbackServer.Request first = server.requests().getFirst();
        assertThat(first.path()).isEqualTo("/events?x=1");
        assertThat(first.headers()).containsEntry("authorization", "Bearer t0ken");
        JsonNode list = RestClient.JSON.readTree(first.body());
        assertThat(list.path("kind").asString()).isEqualTo("EventList");
        assertThat(list.path("apiVersion").asString()).isEqualTo("audit.k8s.io/v1");
        assertThat(list.path("items").path(0).has("kind")).isFalse();
    }

    @Test
    void whatHangsOrFailsIsSentAgain() throws IOException {
        next.add((request, out) -> {
            over.await();
            return false;
        });
        next.add((request, out) -> LoopbackServer.reply(out, 500, "text/plain", "no"));
        next.add((request, out) -> LoopbackServer.reply(out, 400, "text/plain", "no"));
        next.add((request, out) -> LoopbackServer.reply(out, 200, "text/plain", "what?"));
        try (WebhookSink sink = sink(10, Duration.ofSeconds(1))) {
            write(sink, "kept");
            await().atMost(LIMIT).until(() -> lists().size() >= 4);
            assertThat(lists()).allMatch(list -> list.equals(List.of("kept")));
            write(sink, "after");
            await().atMost(LIMIT).until(() -> lists().getLast().equals(List.of("after")));
        }
    }

    @Test
    void whatNobodyTakesIsGivenUpAndWhatIsTooMuchIsLost() throws IOException {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch written = new CountDownLatch(1);
        next.add((request, out) -> {
            hanging.countDown();
            written.await();
            return LoopbackServer.reply(out, 503, "text/plain", "no");
        });
        for (int i = 0; i < 4; i++) {
            next.add((request, out) -> LoopbackServer.reply(out, 503, "text/plain", "no"));
        }
        try (WebhookSink sink = sink(20_000, Duration.ofSeconds(30))) {
            write(sink, "given up");
            await().atMost(LIMIT).until(() -> hanging.getCount() == 0);
            for (int i = 0; i < 10_050; i++) {
                write(sink, "e" + i);
            }
            written.countDown();
            await().atMost(LIMIT).until(() -> lists().stream().anyMatch(list -> list.size() == 10_000));
            assertThat(lists().stream().filter(list -> list.equals(List.of("given up"))))
                    .hasSize(5);
        }
    }
}
