package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.apiserver.facts.Facts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Discovery, compared to what an upstream cluster of the same version said. */
class DiscoveryTest {
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
    void saysWhatUpstreamSays() {
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (JsonNode request : Facts.document("discovery.json").path("requests")) {
            String path = request.path("path").asString();
            JsonNode body = request.path("body");
            boolean discovery = path.equals("/api") || path.startsWith("/apis") || path.startsWith("/api/");
            int code = request.path("code").asInt();
            // Without a certificate, and what is not changed, have tests of their own.
            if (!discovery || !body.isObject() || code == 304 || code == 403) {
                continue;
            }
            Answer answer = client.send(
                    "GET", path, Map.of("Accept", request.path("accept").asString()), null);
            compared++;
            if (answer.code() != code) {
                differences.add(path + ": code " + answer.code());
            } else if (!withoutAddresses(answer.json()).equals(withoutAddresses(body))) {
                differences.add(
                        path + " " + request.path("accept").asString() + ": " + difference(body, answer.json()));
            }
        }
        assertThat(differences).isEmpty();
        assertThat(compared).isGreaterThan(40);
    }

    private static JsonNode withoutAddresses(JsonNode document) {
        JsonNode copy = document.deepCopy();
        if (copy instanceof tools.jackson.databind.node.ObjectNode object) {
            object.remove("serverAddressByClientCIDRs");
        }
        return copy;
    }

    private static String difference(JsonNode expected, JsonNode given) {
        Map<String, String> lists = new HashMap<>();
        for (String list : List.of("resources", "items", "groups", "versions")) {
            for (int i = 0;
                    i < Math.max(expected.path(list).size(), given.path(list).size());
                    i++) {
                JsonNode want = expected.path(list).path(i);
                JsonNode got = given.path(list).path(i);
                if (!want.equals(got)) {
                    lists.putIfAbsent(list, cut(got) + " instead of " + cut(want));
                }
            }
        }
        return lists.isEmpty() ? cut(given) + " instead of " + cut(expected) : lists.toString();
    }

    private static String cut(JsonNode node) {
        String text = node.toString();
        return text.length() > 400 ? text.substring(0, 400) + "…" : text;
    }

    @Test
    void answersWithATagAndNothingWhenItIsKnown() {
        String accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
        Answer first = client.send("GET", "/apis", Map.of("Accept", accept), null);
        String tag = first.headers().get("etag").getFirst();
        Answer second = client.send("GET", "/apis", Map.of("Accept", accept, "If-None-Match", tag), null);
        assertThat(second.code()).isEqualTo(304);
        assertThat(second.bytes()).isEmpty();
    }
}
