package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.apiserver.facts.Facts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Sends what was sent to an upstream cluster, one after another, and compares who owns which field after each. */
class ManagedFieldsSamplesTest {
    @Test
    void eachWriteLeavesUpstreamsManagedFields() {
        List<JsonNode> samples = Facts.lines("managedFields-samples.jsonl");
        List<String> differences = new ArrayList<>();
        try (EmbeddedApiServer server = EmbeddedApiServer.start();
                RestClient client = RestClient.admin(server)) {
            client.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"rec-a\"}}");
            client.post(
                    "/api/v1/namespaces/rec-a/serviceaccounts",
                    "{\"metadata\":{\"name\":\"default\"},\"imagePullSecrets\":[{\"name\":\"q\"}]}");
            for (JsonNode sample : samples) {
                if (!sample.path("path").asString().contains("example.com")) {
                    sample(client, sample, differences);
                }
            }
        }
        assertThat(differences).isEmpty();
    }

    private static void sample(RestClient client, JsonNode sample, List<String> differences) {
        String path = sample.path("path").asString();
        Map<String, String> headers = new HashMap<>();
        headers.put("Content-Type", sample.path("content_type").asString());
        headers.put("User-Agent", sample.path("user_agent").asString(""));
        JsonNode body = sample.path("body");
        if (sample.path("method").asString().equals("PUT")) {
            JsonNode present = client.get(path).json();
            for (String field : List.of("uid", "resourceVersion", "creationTimestamp")) {
                ((ObjectNode) body.path("metadata"))
                        .set(field, present.path("metadata").path(field));
            }
        }
        Answer answer = client.send(
                sample.path("method").asString(), path, headers, body.toString().getBytes(StandardCharsets.UTF_8));
        String id = sample.path("id").asString();
        if (answer.code() != sample.path("status").asInt()) {
            differences.add(id + ": " + answer.code() + " " + answer.text());
            return;
        }
        if (answer.code() >= 400) {
            JsonNode expected = sample.path("response_if_error");
            if (!answer.json().equals(expected)) {
                differences.add(id + ": " + answer.text() + "\n instead of " + expected);
            }
            return;
        }
        JsonNode given = answer.json().path("metadata").path("managedFields");
        given.forEach(entry -> {
            if (entry.has("time")) {
                ((ObjectNode) entry).put("time", "<time>");
            }
        });
        JsonNode expected = sample.path("managedFields");
        boolean same = expected.isNull() ? given.isMissingNode() : sorted(given).equals(sorted(expected));
        if (!same) {
            differences.add(id + ": " + given + "\n instead of " + expected + "\n");
        }
    }

    /** Entries stand in the order of their times, and what took a second here did not there. */
    private static List<String> sorted(JsonNode entries) {
        List<String> texts = new ArrayList<>();
        entries.forEach(entry -> texts.add(entry.toString()));
        texts.sort(null);
        return texts;
    }
}
