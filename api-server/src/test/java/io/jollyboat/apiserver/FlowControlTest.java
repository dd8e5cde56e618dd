package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.runtime.SystemRuntime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Priority and fairness, as clients see it. */
class FlowControlTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String LEVELS = "/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations";
    private static final String SCHEMAS = "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas";
    private static final Map<String, String> AS_CROWD = Map.of("Impersonate-User", "crowd");

    private static EmbeddedApiServer server;
    private static RestClient client;

    @BeforeAll
    static void start() {
        server = EmbeddedApiServer.start();
        client = RestClient.admin(server);
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static String schema(String name, String level, String user) {
        return "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{\"priorityLevelConfiguration\":{\"name\":\"" + level
                + "\"},\"matchingPrecedence\":50,\"rules\":[{\"subjects\":[{\"kind\":\"User\",\"user\":{\"name\":\""
                + user + "\"}}],\"resourceRules\":[{\"verbs\":[\"*\"],\"apiGroups\":[\"*\"],\"resources\":[\"*\"],"
                + "\"namespaces\":[\"*\"],\"clusterScope\":true}],\"nonResourceRules\":[{\"verbs\":[\"*\"],"
                + "\"nonResourceURLs\":[\"*\"]}]}]}}";
    }

    private static String uid(String path) {
        return client.get(path).json().path("metadata").path("uid").asString();
    }

    private static String header(Answer answer, String name) {
        return answer.headers().getOrDefault(name, List.of("")).getFirst();
    }

    @Test
    void answersSayWhichRulesTheyWereServedBy() {
        await().atMost(LIMIT).untilAsserted(() -> {
            Answer answer = client.get("/version");
            assertThat(header(answer, "x-kubernetes-pf-flowschema-uid")).isEqualTo(uid(SCHEMAS + "/exempt"));
            assertThat(header(answer, "x-kubernetes-pf-prioritylevel-uid")).isEqualTo(uid(LEVELS + "/exempt"));
            Answer other = client.send("GET", "/api/v1/pods", Map.of("Impersonate-User", "somebody"), null);
            assertThat(header(other, "x-kubernetes-pf-flowschema-uid")).isEqualTo(uid(SCHEMAS + "/global-default"));
        });
    }

    @Test
    void schemasSayWhetherTheirLevelIsThere() {
        client.post(SCHEMAS, schema("astray", "nowhere", "astray"));
        await().atMost(LIMIT).untilAsserted(() -> {
            var condition = client.get(SCHEMAS + "/astray")
                    .json()
                    .path("status")
                    .path("conditions")
                    .path(0);
            assertThat(condition.path("type").asString("")).isEqualTo("Dangling");
            assertThat(condition.path("status").asString()).isEqualTo("True");
            assertThat(condition.path("message").asString())
                    .isEqualTo("This FlowSchema references the PriorityLevelConfiguration object named \"nowhere\""
                            + " but there is no such object");
            assertThat(client.get(SCHEMAS + "/catch-all")
                            .json()
                            .path("status")
                            .path("conditions")
                            .path(0)
                            .path("reason")
                            .asString(""))
                    .isEqualTo("Found");
        });
    }

    @Test
    void whoIsTooManyIsToldToComeBackAndOthersAreServed() {
        client.post(
                LEVELS,
                "{\"metadata\":{\"name\":\"none\"},\"spec\":{\"type\":\"Limited\",\"limited\":{"
                        + "\"nominalConcurrencyShares\":0,\"borrowingLimitPercent\":0,"
                        + "\"limitResponse\":{\"type\":\"Reject\"}}}}");
        client.post(SCHEMAS, schema("crowd", "none", "crowd"));
        await().atMost(LIMIT).untilAsserted(() -> {
            Answer refused = client.send("GET", "/api/v1/namespaces/default/pods", AS_CROWD, null);
            assertThat(refused.code()).isEqualTo(429);
            assertThat(refused.text()).isEqualTo("Too many requests, please try again later.\n");
            assertThat(header(refused, "retry-after")).matches("\\d+");
            assertThat(header(refused, "x-kubernetes-pf-prioritylevel-uid")).isEqualTo(uid(LEVELS + "/none"));
        });
        Answer other = client.send("GET", "/api/v1/pods", Map.of("Impersonate-User", "somebody"), null);
        assertThat(other.code()).as("served, and may not").isEqualTo(403);
        assertThat(client.get("/metrics").text())
                .contains("apiserver_flowcontrol_rejected_requests_total{flow_schema=\"crowd\",priority_level=\"none\""
                        + ",reason=\"concurrency-limit\"}");
        client.delete(SCHEMAS + "/crowd");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(client.send("GET", "/api/v1/pods", AS_CROWD, null)
                                .code())
                        .isEqualTo(403));
    }

    @Test
    void fewSeatsServeManyOneAfterAnother() {
        client.post(
                LEVELS,
                "{\"metadata\":{\"name\":\"one\"},\"spec\":{\"type\":\"Limited\",\"limited\":{"
                        + "\"nominalConcurrencyShares\":1,\"borrowingLimitPercent\":0,\"limitResponse\":{"
                        + "\"type\":\"Queue\",\"queuing\":{\"queues\":8,\"handSize\":4,\"queueLengthLimit\":50}}}}}");
        client.post(SCHEMAS, schema("single", "one", "single"));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(header(
                                client.send("GET", "/version", Map.of("Impersonate-User", "single"), null),
                                "x-kubernetes-pf-flowschema-uid"))
                        .isEqualTo(uid(SCHEMAS + "/single")));
        CountDownLatch done = new CountDownLatch(20);
        Queue<Integer> codes = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 20; i++) {
            SystemRuntime.instance().start("caller", () -> {
                codes.add(client.send("GET", "/version", Map.of("Impersonate-User", "single"), null)
                        .code());
                done.countDown();
            });
        }
        await().atMost(LIMIT).until(() -> done.getCount() == 0);
        assertThat(codes).hasSize(20).containsOnly(200);
    }
}
