package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is told of the other parts of the control plane, which here need not run. */
class ComponentStatusesTest {
    private static final String ALL = "/api/v1/componentstatuses";

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

    @Test
    void asksEachPart() {
        JsonNode list = client.get(ALL).json();
        assertThat(list.path("kind").asString()).isEqualTo("ComponentStatusList");
        assertThat(list.path("metadata")).isEmpty();
        assertThat(list.path("items").findValuesAsString("name"))
                .containsExactlyInAnyOrder("controller-manager", "scheduler", "etcd-0");
        for (JsonNode item : list.path("items")) {
            JsonNode condition = item.path("conditions").path(0);
            if (condition.path("status").asString().equals("True")) {
                assertThat(condition.path("message").asString()).isEqualTo("ok");
            } else {
                int port = item.path("metadata").path("name").asString().equals("scheduler") ? 10259 : 10257;
                assertThat(condition.path("message").asString())
                        .startsWith("Get \"https://127.0.0.1:" + port + "/healthz\": ");
            }
        }
    }

    @Test
    void asksOnePart() {
        assertThat(client.get(ALL + "/etcd-0").text())
                .isEqualTo("{\"kind\":\"ComponentStatus\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"etcd-0\"},"
                        + "\"conditions\":[{\"type\":\"Healthy\",\"status\":\"True\",\"message\":\"ok\"}]}");
        assertThat(client.get(ALL + "?fieldSelector=metadata.name%3Detcd-0")
                        .json()
                        .path("items"))
                .hasSize(1);
        assertThat(client.get(ALL + "?labelSelector=any").json().path("items")).isEmpty();
        RestClient.Answer absent = client.get(ALL + "/absent");
        assertThat(absent.code()).isEqualTo(404);
        assertThat(absent.json().path("message").asString()).isEqualTo("componentstatus \"absent\" not found");
    }

    @Test
    void showsATable() {
        JsonNode table = client.send(
                        "GET",
                        ALL + "/etcd-0",
                        Map.of("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io"),
                        new byte[0])
                .json();
        assertThat(table.path("metadata")).isEmpty();
        assertThat(table.path("rows").path(0).path("cells").toString())
                .isEqualTo("[\"etcd-0\",\"Healthy\",\"ok\",\"\"]");
        assertThat(table.path("rows").path(0).path("object").toString())
                .isEqualTo("{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\","
                        + "\"metadata\":{\"name\":\"etcd-0\"}}");
    }
}
