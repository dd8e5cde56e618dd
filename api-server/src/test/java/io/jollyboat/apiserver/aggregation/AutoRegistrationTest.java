package io.jollyboat.apiserver.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.apiserver.RestClient;
import io.jollyboat.apiserver.facts.Facts;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The APIServices of what the server serves itself. */
class AutoRegistrationTest {
    private static final String API_SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices";
    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final Duration SOON = Duration.ofSeconds(60);

    private static Map<String, String> listed(RestClient client) {
        Map<String, String> listed = new TreeMap<>();
        for (JsonNode item : client.get(API_SERVICES).json().path("items")) {
            listed.put(
                    item.at("/metadata/name").asString(),
                    item.at("/metadata/labels") + " " + item.path("spec") + " "
                            + item.at("/status/conditions/0/reason").asString());
        }
        return listed;
    }

    @Test
    void builtInGroupsHaveThoseThatUpstreamHas() {
        try (EmbeddedApiServer server = EmbeddedApiServer.start();
                RestClient client = RestClient.admin(server)) {
            Map<String, String> wanted = new TreeMap<>();
            for (JsonNode line : Facts.lines("default-objects.jsonl")) {
                JsonNode object = line.path("object");
                if (object.path("kind").asString("").equals("APIService")) {
                    wanted.put(
                            object.at("/metadata/name").asString(),
                            object.at("/metadata/labels") + " " + object.path("spec") + " Local");
                }
            }
            Assumptions.assumeFalse(wanted.isEmpty(), "skipped: the recorded objects are not there");
            assertThat(listed(client)).isEqualTo(wanted);
        }
    }

    @Test
    void whatAnAdministratorChangedStaysUntilTheNextStart() {
        try (EmbeddedApiServer server = EmbeddedApiServer.start();
                RestClient client = RestClient.admin(server)) {
            client.patch(API_SERVICES + "/v1.apps", "{\"spec\":{\"versionPriority\":3}}");
            client.delete(API_SERVICES + "/v1.batch");
            client.post(
                    API_SERVICES,
                    "{\"metadata\":{\"name\":\"v1.mine.io\"},\"spec\":{\"group\":\"mine.io\",\"version\":\"v1\","
                            + "\"groupPriorityMinimum\":5,\"versionPriority\":5}}");
            client.post(
                    API_SERVICES,
                    "{\"metadata\":{\"name\":\"v1.old.io\",\"labels\":{\"" + AutoRegistration.LABEL
                            + "\":\"onstart\"}},\"spec\":{\"group\":\"old.io\",\"version\":\"v1\","
                            + "\"groupPriorityMinimum\":5,\"versionPriority\":5}}");
            definition(client, "kept", "kept.io");
            await().atMost(SOON).until(() -> listed(client).containsKey("v1.kept.io"));
            Map<String, String> before = listed(client);
            assertThat(before.get("v1.apps")).contains("\"versionPriority\":3");
            assertThat(before).doesNotContainKey("v1.batch").containsKeys("v1.mine.io", "v1.old.io");
            server.restart();
            await().atMost(SOON).untilAsserted(() -> {
                Map<String, String> after = listed(client);
                assertThat(after.get("v1.apps")).contains("\"versionPriority\":15");
                assertThat(after)
                        .containsKeys("v1.batch", "v1.mine.io", "v1.kept.io")
                        .doesNotContainKey("v1.old.io");
            });
        }
    }

    @Test
    void definitionsHaveThemAsLongAsTheyServeTheVersion() {
        try (EmbeddedApiServer server = EmbeddedApiServer.start();
                RestClient client = RestClient.admin(server)) {
            definition(client, "things", "own.io");
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(listed(client).get("v1.own.io"))
                                    .isEqualTo(
                                            "{\"" + AutoRegistration.LABEL + "\":\"true\"} {\"group\":\"own.io\","
                                                    + "\"version\":\"v1\",\"groupPriorityMinimum\":1000,\"versionPriority\":100} Local"));
            client.patch(API_SERVICES + "/v1.own.io", "{\"spec\":{\"versionPriority\":3}}");
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(listed(client).get("v1.own.io")).contains("\"versionPriority\":100"));
            client.delete(API_SERVICES + "/v1.own.io");
            await().atMost(SOON).until(() -> listed(client).containsKey("v1.own.io"));
            definition(client, "others", "own.io");
            client.delete(DEFINITIONS + "/things.own.io");
            await().atMost(SOON)
                    .until(() -> client.get(DEFINITIONS + "/things.own.io").code() == 404);
            assertThat(listed(client)).containsKey("v1.own.io");
            client.delete(DEFINITIONS + "/others.own.io");
            await().atMost(SOON).until(() -> !listed(client).containsKey("v1.own.io"));
        }
    }

    private static void definition(RestClient client, String plural, String group) {
        client.post(
                DEFINITIONS,
                "{\"metadata\":{\"name\":\"" + plural + "." + group + "\"},\"spec\":{\"group\":\"" + group
                        + "\",\"scope\":\"Cluster\",\"names\":{\"plural\":\"" + plural + "\",\"kind\":\"K" + plural
                        + "\"},\"versions\":[{\"name\":\"v1\",\"served\":true,\"storage\":true,\"schema\":"
                        + "{\"openAPIV3Schema\":{\"type\":\"object\"}}}]}}");
        await().atMost(SOON)
                .until(() -> client.get("/apis/" + group + "/v1/" + plural).code() == 200);
    }
}
