package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.RestClient.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Objects that are changed at random, by updates, each form of patch and apply, also of their subresources, and how an
 * upstream API server answered each step: code, message, warnings and, apart from its metadata, the object.
 */
class ChangedObjectsTest {
    /** Named in conflicts. */
    private static final String AGENT = "fuzz/1";

    @Test
    void answersAsUpstream() throws IOException {
        List<String> wrong = new ArrayList<>();
        List<String> lines = Files.readAllLines(Path.of("src/test/resources/changed-objects.jsonl"));
        assertThat(lines).hasSizeGreaterThan(50);
        try (EmbeddedApiServer server = EmbeddedApiServer.start();
                RestClient client = RestClient.admin(server)) {
            for (String namespace : List.of("rec-a", "rec-b")) {
                client.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + namespace + "\"}}");
                client.post(
                        "/api/v1/namespaces/" + namespace + "/serviceaccounts",
                        "{\"metadata\":{\"name\":\"default\"}}");
            }
            for (String line : lines) {
                replay(client, RestClient.JSON.readTree(line), wrong);
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static void replay(RestClient client, JsonNode object, List<String> wrong) {
        String collection = object.path("create").path("path").asString();
        String path = collection + "/" + object.path("name").asString();
        Answer created = client.send(
                "POST",
                collection,
                Map.of("Content-Type", "application/json", "User-Agent", AGENT),
                object.path("create").path("body").toString().getBytes(StandardCharsets.UTF_8));
        assertThat(created.code()).as(created.text()).isEqualTo(201);
        for (JsonNode step : object.path("steps")) {
            Answer answer = client.send(
                    step.path("method").asString(),
                    step.path("path").asString(),
                    Map.of("Content-Type", step.path("type").asString(), "User-Agent", AGENT),
                    step.path("body").toString().getBytes(StandardCharsets.UTF_8));
            String difference = difference(step, answer);
            if (!difference.isEmpty()) {
                wrong.add(step.path("method").asString() + " "
                        + step.path("path").asString() + " " + step.path("type").asString() + " " + step.path("body")
                        + difference);
                break; // What follows would be answered for another object.
            }
        }
        client.delete(path + "?gracePeriodSeconds=0");
        client.patch(path, "{\"metadata\":{\"finalizers\":null}}");
    }

    private static String difference(JsonNode step, Answer answer) {
        List<String> warnings = new ArrayList<>();
        step.path("warnings").forEach(warning -> warnings.add(warning.asString()));
        List<String> given = answer.headers().getOrDefault("warning", List.of());
        if (answer.code() != step.path("code").asInt() || !given.equals(warnings)) {
            return "\n  upstream " + step.path("code") + warnings + step.path("message") + "\n  ours     "
                    + answer.code() + given + (answer.code() < 300 ? "" : answer.message());
        }
        if (step.has("message") && !answer.message().equals(step.path("message").asString())) {
            return "\n  upstream " + step.path("message").asString() + "\n  ours     " + answer.message();
        }
        if (!step.has("object")) {
            return "";
        }
        ObjectNode now = (ObjectNode) answer.json();
        now.remove("metadata");
        return now.equals(step.path("object")) ? "" : "\n  upstream " + step.path("object") + "\n  ours     " + now;
    }
}
