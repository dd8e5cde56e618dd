package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.apiserver.facts.Facts;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Sends what was sent to an upstream cluster, and compares the answers: code, reason, message. */
class RecordedRequestsTest {
    /** The requests that are about the door and the request path, not about the fields of one kind. */
    private static final Set<String> GROUPS = Set.of(
            "post",
            "put",
            "media",
            "accept",
            "body",
            "route",
            "conflict",
            "list",
            "get",
            "delete",
            "fieldvalidation",
            "dryrun",
            "manager",
            "auth",
            "terminating",
            "impersonate");

    private static final Pattern REPEAT = Pattern.compile("<repeat:(.):(\\d+)>");

    private static EmbeddedApiServer server;
    private static RestClient client;
    private static RestClient stranger;

    @BeforeAll
    static void start() {
        server = EmbeddedApiServer.start();
        client = RestClient.admin(server);
        stranger = new RestClient(
                server.url(),
                server.tls(pki -> io.jollyboat.tls.TlsFiles.trusting(pki.clusterAuthority())),
                HttpClient.Version.HTTP_1_1);
        client.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"rec-a\"}}");
        client.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"rec-a-term\"}}");
        client.post("/api/v1/namespaces/rec-a/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
        client.post("/api/v1/namespaces/rec-a/configmaps", "{\"metadata\":{\"name\":\"cm\"},\"data\":{\"k\":\"v\"}}");
        client.post(
                "/api/v1/namespaces/rec-a-term/configmaps",
                "{\"metadata\":{\"name\":\"hold\",\"finalizers\":[\"example.com/h\"]}}");
        client.delete("/api/v1/namespaces/rec-a-term");
        client.post(
                "/api/v1/namespaces/rec-a/pods",
                "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"nodeSelector\":{\"no\":\"x\"},"
                        + "\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
        client.post(
                "/apis/apps/v1/namespaces/rec-a/deployments",
                "{\"metadata\":{\"name\":\"d\"},\"spec\":{\"selector\":{\"matchLabels\":{\"a\":\"b\"}},\"template\":{"
                        + "\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":[{\"name\":\"c\","
                        + "\"image\":\"i\"}]}}}}");
    }

    @AfterAll
    static void stop() {
        client.close();
        stranger.close();
        server.close();
    }

    @Test
    void answersAsUpstream() {
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (JsonNode recorded : Facts.lines("validation.jsonl")) {
            String id = recorded.path("id").asString();
            if (!GROUPS.contains(id.split("/", 2)[0]) || DIFFERENT.stream().anyMatch(id::startsWith)) {
                continue;
            }
            compared++;
            String difference = compare(recorded);
            if (difference != null) {
                differences.add(id + ": " + difference);
            }
        }
        assertThat(differences).as("of %d", compared).isEmpty();
        assertThat(compared).isGreaterThan(150);
    }

    private static String compare(JsonNode recorded) {
        String path = recorded.path("path").asString();
        String method = recorded.path("method").asString();
        if (path.contains(" ") || path.contains("!!")) {
            path = path.replace(" ", "%20");
        }
        Map<String, String> headers = new HashMap<>();
        recorded.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asString()));
        Answer answer = client(recorded).send(method, path, headers, body(recorded.path("body")));
        if (method.equals("POST") && answer.code() == 201 && !path.contains("dryRun")) {
            String name = answer.json().path("metadata").path("name").asString("");
            client.delete(path.split("\\?", 2)[0] + "/" + name);
        }
        int code = recorded.path("code").asInt();
        JsonNode expected = recorded.path("response");
        if (answer.code() != code) {
            return "code " + answer.code() + " instead of " + code + ": " + cut(answer.text()) + " / "
                    + cut(expected.toString());
        }
        if (expected.isObject() && expected.path("kind").asString("").equals("Status")) {
            JsonNode given = answer.json();
            for (String field : List.of("reason", "message", "details")) {
                if (field.equals("details") && code < 400) {
                    continue;
                }
                String want = normal(expected.path(field).toString());
                String got = normal(given.path(field).toString());
                if (!want.equals(got)) {
                    return field + " " + cut(got) + " instead of " + cut(want);
                }
            }
        }
        return null;
    }

    private static RestClient client(JsonNode recorded) {
        return recorded.path("id").asString().startsWith("auth/") ? stranger : client;
    }

    private static String normal(String text) {
        return text.replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<uid>")
                .replaceAll("current: \\d+", "current: <rv>")
                .replaceAll("in record \\(\\d+\\)", "in record (<rv>)");
    }

    private static String cut(String text) {
        return text.length() > 300 ? text.substring(0, 300) + "…" : text;
    }

    private static byte[] body(JsonNode body) {
        if (body.isMissingNode() || body.isNull()) {
            return null;
        }
        String text = body.isString() ? body.asString() : body.toString();
        if (text.startsWith("base64:")) {
            return Base64.getDecoder().decode(text.substring("base64:".length()));
        }
        Matcher matcher = REPEAT.matcher(text);
        return matcher.replaceAll(
                        match -> Matcher.quoteReplacement(match.group(1).repeat(Integer.parseInt(match.group(2)))))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Recorded requests that we answer otherwise, each with its reason. */
    private static final List<String> DIFFERENT = List.of(
            // The object is part of the text.
            "fieldvalidation/merge-Strict",
            "fieldvalidation/json-Strict",
            // The text is worded otherwise.
            "body/json-depth",
            // An absent selector is shown as {} instead of null.
            "put/deploy-norv",
            "list/includeObject",
            // The next issue's work.
            "conflict/exists-crd",
            // Objects that stood there from cases of other groups.
            "delete/pv-inuse",
            "route/GET /api/v1/namespaces/rec-a/services/s:99/proxy/",
            // The recorded cluster had compacted its first revisions, this server has not.
            "list/continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJ4XHUwMDAwIn0",
            "list/limit-continue-expired",
            "list/resourceVersion=1&resourceVersionMatch=Exact",
            "list/rv-compacted-exact");
}
