package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.RestClient.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Good objects with a field dropped, doubled or garbled, and how an upstream API server answered each. The file holds
 * those that once were answered otherwise here.
 */
class MutatedObjectsTest {
    private static EmbeddedApiServer server;
    private static RestClient client;

    @BeforeAll
    static void start() {
        server = EmbeddedApiServer.start();
        client = RestClient.admin(server);
        client.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"rec-a\"}}");
        client.post("/api/v1/namespaces/rec-a/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    @Test
    void answersAsUpstream() throws IOException {
        List<String> wrong = new ArrayList<>();
        List<String> lines = Files.readAllLines(Path.of("src/test/resources/mutated-objects.jsonl"));
        assertThat(lines).hasSizeGreaterThan(50);
        for (String line : lines) {
            JsonNode mutated = RestClient.JSON.readTree(line);
            Answer answer = client.post(
                    mutated.path("path").asString(), mutated.path("body").toString());
            String given = answer.code() + " " + (answer.code() < 300 ? "" : answer.message())
                    + answer.headers().getOrDefault("warning", List.of());
            List<String> warnings = new ArrayList<>();
            mutated.path("warnings").forEach(warning -> warnings.add(warning.asString()));
            String wanted =
                    mutated.path("code").asInt() + " " + mutated.path("message").asString("") + warnings;
            if (!given.equals(wanted)) {
                wrong.add(mutated.path("path").asString() + "\n  upstream " + wanted + "\n  ours     " + given);
            }
        }
        assertThat(wrong).isEmpty();
    }
}
