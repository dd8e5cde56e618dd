package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.apiserver.storage.MemoryStore;
import io.jollyboat.runtime.SystemRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/** Two API servers on one store, which know nothing of each other but what is stored. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SeveralServersTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String DEFAULT = "/api/v1/namespaces/default/";
    private static final int EACH = 60;

    private static KeyValueStore store;
    private static EmbeddedApiServer first;
    private static EmbeddedApiServer second;
    private static RestClient toFirst;
    private static RestClient toSecond;

    @BeforeAll
    static void start() {
        store = new MemoryStore(SystemRuntime.instance());
        first = server("127.0.0.1");
        second = server("127.0.0.2");
        toFirst = RestClient.admin(first);
        toSecond = RestClient.admin(second);
    }

    private static EmbeddedApiServer server(String advertised) {
        return EmbeddedApiServer.start(
                SystemRuntime.instance(), new SharedStore(store), usual -> usual.advertising(advertised));
    }

    @AfterAll
    static void stop() {
        toFirst.close();
        toSecond.close();
        first.close();
        second.close();
        store.close();
    }

    @Test
    @Order(1)
    void whoMovesBetweenThemSeesNoOlderState() {
        RestClient[] both = {toFirst, toSecond};
        String path = DEFAULT + "configmaps";
        for (int i = 0; i < EACH; i++) {
            RestClient writer = both[i % 2];
            RestClient reader = both[1 - i % 2];
            Answer written = i == 0
                    ? writer.post(path, "{\"metadata\":{\"name\":\"moving\"},\"data\":{\"n\":\"0\"}}")
                    : writer.patch(path + "/moving", "{\"data\":{\"n\":\"" + i + "\"}}");
            assertThat(written.code()).isLessThan(300);
            String version =
                    written.json().path("metadata").path("resourceVersion").asString();
            assertThat(number(reader.get(path + "/moving").json())).isEqualTo(i);
            assertThat(number(reader.get(path + "?fieldSelector=metadata.name%3Dmoving")
                            .json()
                            .path("items")
                            .path(0)))
                    .isEqualTo(i);
            assertThat(number(reader.get(path + "/moving?resourceVersion=" + version)
                            .json()))
                    .as("not older than what was seen")
                    .isEqualTo(i);
        }
        assertThat(toSecond.delete(path + "/moving").code()).isEqualTo(200);
        assertThat(toFirst.get(path + "/moving").code()).isEqualTo(404);
    }

    @Test
    @Order(0)
    void whatOneIsToldToDefineBothServe() {
        String definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
        String version = "{\"name\":\"%s\",\"served\":true,\"storage\":%s,\"schema\":{\"openAPIV3Schema\":"
                + "{\"type\":\"object\",\"x-kubernetes-preserve-unknown-fields\":true}}}";
        Answer defined = toFirst.post(
                definitions,
                "{\"metadata\":{\"name\":\"boats.example.com\"},\"spec\":{\"group\":\"example.com\",\"scope\":"
                        + "\"Cluster\",\"names\":{\"plural\":\"boats\",\"kind\":\"Boat\"},\"versions\":["
                        + version.formatted("v1", "true") + "]}}");
        assertThat(defined.code()).as(defined.text()).isEqualTo(201);
        eventually(toSecond, "/apis/example.com/v1/boats", 200);
        eventually(toFirst, "/apis/example.com/v1/boats", 200);
        assertThat(toSecond.get("/openapi/v3").text()).contains("apis/example.com/v1");
        assertThat(toSecond.post(
                                "/apis/example.com/v1/boats",
                                "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Boat\",\"metadata\":{\"name\":\"jolly\"}}")
                        .code())
                .isEqualTo(201);
        assertThat(toFirst.get("/apis/example.com/v1/boats/jolly").code()).isEqualTo(200);

        Answer changed = toSecond.patch(
                definitions + "/boats.example.com",
                "{\"spec\":{\"versions\":[" + version.formatted("v1", "true") + "," + version.formatted("v2", "false")
                        + "]}}");
        assertThat(changed.code()).as(changed.text()).isEqualTo(200);
        eventually(toFirst, "/apis/example.com/v2/boats/jolly", 200);
        eventually(toSecond, "/apis/example.com/v2/boats/jolly", 200);

        assertThat(toFirst.delete(definitions + "/boats.example.com").code()).isEqualTo(200);
        eventually(toSecond, definitions + "/boats.example.com", 404);
        eventually(toSecond, "/apis/example.com/v1/boats", 404);
        eventually(toFirst, "/apis/example.com/v1/boats", 404);
    }

    private static void eventually(RestClient client, String path, int code) {
        await().atMost(LIMIT).until(() -> client.get(path).code() == code);
    }

    private static int number(JsonNode map) {
        return Integer.parseInt(map.path("data").path("n").asString("-1"));
    }

    @Test
    @Order(2)
    void noAddressAndNoNodePortIsGivenTwice() {
        Queue<JsonNode> services = new ConcurrentLinkedQueue<>();
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        List<Integer> numbers = IntStream.range(0, EACH).boxed().toList();
        CountDownLatch done = new CountDownLatch(2 * EACH);
        for (RestClient client : List.of(toFirst, toSecond)) {
            String who = client.equals(toFirst) ? "a" : "b";
            for (int number : numbers) {
                SystemRuntime.instance().start("creator", () -> {
                    Answer answer = client.post(
                            DEFAULT + "services",
                            "{\"metadata\":{\"name\":\"" + who + number
                                    + "\"},\"spec\":{\"type\":\"NodePort\",\"ports\":[{\"port\":80}]}}");
                    if (answer.code() == 201) {
                        services.add(answer.json().path("spec"));
                    } else {
                        failures.add(answer.text());
                    }
                    done.countDown();
                });
            }
        }
        await().atMost(LIMIT).until(() -> done.getCount() == 0);
        assertThat(failures).isEmpty();
        assertThat(services.stream().map(spec -> spec.path("clusterIP").asString()))
                .hasSize(2 * EACH)
                .doesNotHaveDuplicates();
        assertThat(services.stream()
                        .map(spec -> spec.path("ports").path(0).path("nodePort").asInt()))
                .doesNotHaveDuplicates();
        String taken = services.element().path("clusterIP").asString();
        for (RestClient client : List.of(toFirst, toSecond)) {
            Answer refused = client.post(
                    DEFAULT + "services",
                    "{\"metadata\":{\"name\":\"late\"},\"spec\":{\"clusterIP\":\"" + taken
                            + "\",\"ports\":[{\"port\":80}]}}");
            assertThat(refused.code()).as(refused.text()).isEqualTo(422);
        }
    }

    /** Last, because one of them ends. */
    @Test
    @Order(3)
    void theServiceLeadsToThoseThatAreThere() {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(addresses()).containsExactly("127.0.0.1", "127.0.0.2"));
        second.stop();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(addresses()).containsExactly("127.0.0.1"));
    }

    private static List<String> addresses() {
        List<String> addresses = new ArrayList<>();
        toFirst.get(DEFAULT + "endpoints/kubernetes")
                .json()
                .path("subsets")
                .path(0)
                .path("addresses")
                .forEach(address -> addresses.add(address.path("ip").asString()));
        return addresses;
    }
}
