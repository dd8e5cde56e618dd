package io.jollyboat.apiserver.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.apiserver.facts.Facts;
import io.jollyboat.tls.Pki;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every request that a real client was seen to send is answered in the shape in which upstream answers it. */
class ClientRequestsTest {
    /** What is stored nowhere has no managed fields here. */
    private static final Predicate<String> UNSTORED =
            Pattern.compile("reviews$|/token$").asPredicate();

    static final String ANSWERS = "client-request-answers.jsonl";

    @Test
    void everyRequestIsAnsweredAsUpstream() throws Exception {
        Map<String, ClientRequest> requests = requests();
        Map<String, Map<String, String>> recorded = recorded();
        assertThat(recorded.keySet()).containsAll(requests.keySet());
        Map<String, String> differences = new LinkedHashMap<>();
        try (EmbeddedApiServer server = EmbeddedApiServer.start();
                ClientRequestReplay replay = new ClientRequestReplay(server.url(), server.tls(Pki::admin))) {
            for (Map.Entry<String, ClientRequest> request : requests.entrySet()) {
                Map<String, String> expected = recorded.get(request.getKey());
                Map<String, String> given = replay.answer(request.getValue());
                if (UNSTORED.test(request.getValue().path())) {
                    expected.computeIfPresent("fields", (name, fields) -> withoutOwners(fields));
                    given.computeIfPresent("fields", (name, fields) -> withoutOwners(fields));
                }
                if (!given.equals(expected)) {
                    differences.put(
                            request.getValue().command() + ": " + request.getKey(), difference(expected, given));
                }
            }
        }
        assertThat(differences).isEmpty();
    }

    private static String withoutOwners(String fields) {
        return fields.replaceAll("metadata(\\.managedFields\\.\\w+)? ", "");
    }

    private static String difference(Map<String, String> expected, Map<String, String> given) {
        Map<String, String> parts = new TreeMap<>();
        java.util.stream.Stream.concat(expected.keySet().stream(), given.keySet().stream())
                .filter(part -> !java.util.Objects.equals(expected.get(part), given.get(part)))
                .forEach(part -> parts.put(part, given.get(part) + " instead of " + expected.get(part)));
        return parts.toString();
    }

    /** Each different request once. */
    static Map<String, ClientRequest> requests() {
        Map<String, ClientRequest> requests = new LinkedHashMap<>();
        for (String row : Facts.rows("client-requests.csv")) {
            ClientRequest request = ClientRequest.parse(row);
            if (!request.client().equals("client")) { // a head in the middle
                requests.putIfAbsent(request.text(), request);
            }
        }
        return requests;
    }

    private static Map<String, Map<String, String>> recorded() throws IOException {
        JsonMapper json = JsonMapper.builder().build();
        Map<String, Map<String, String>> recorded = new LinkedHashMap<>();
        try (InputStream in = ClientRequestsTest.class.getResourceAsStream(ANSWERS)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String line : text.lines().toList()) {
                JsonNode node = json.readTree(line);
                Map<String, String> answer = new TreeMap<>();
                node.path("answer")
                        .properties()
                        .forEach(part ->
                                answer.put(part.getKey(), part.getValue().asString()));
                recorded.put(node.path("request").asString(), answer);
            }
        }
        return recorded;
    }
}
