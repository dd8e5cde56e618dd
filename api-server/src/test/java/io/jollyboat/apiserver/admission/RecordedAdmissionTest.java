package io.jollyboat.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.apiserver.RestClient;
import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.apiserver.facts.Facts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What an upstream cluster answered in namespaces with limits, quotas and pod security labels. */
class RecordedAdmissionTest {
    private static final Set<String> GROUPS = Set.of("quota", "limitrange", "podsecurity");

    private static EmbeddedApiServer server;
    private static RestClient client;

    @BeforeAll
    static void start() {
        server = EmbeddedApiServer.start();
        client = RestClient.admin(server);
        namespace("rec-a", "{}");
        namespace("rec-a-q", "{}");
        namespace("rec-a-l", "{}");
        namespace("rec-a-b", "{\"pod-security.kubernetes.io/enforce\":\"baseline\"}");
        namespace("rec-a-r", "{\"pod-security.kubernetes.io/enforce\":\"restricted\"}");
        namespace("rec-a-w", "{\"pod-security.kubernetes.io/warn\":\"restricted\"}");
        made(
                "/api/v1/namespaces/rec-a/pods",
                "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"b\"}]}}");
        made(
                "/api/v1/namespaces/rec-a-l/limitranges",
                "{\"metadata\":{\"name\":\"l\"},\"spec\":{\"limits\":[{\"type\":\"Container\",\"min\":{\"cpu\":\"50m\"},"
                        + "\"max\":{\"cpu\":\"1\",\"memory\":\"1Gi\"},\"default\":{\"cpu\":\"100m\",\"memory\":\"50Mi\"},"
                        + "\"maxLimitRequestRatio\":{\"cpu\":\"2\"}},{\"type\":\"Pod\",\"max\":{\"cpu\":\"1\"}},"
                        + "{\"type\":\"PersistentVolumeClaim\",\"min\":{\"storage\":\"1Gi\"},"
                        + "\"max\":{\"storage\":\"2Gi\"}}]}}");
        String hard = "{\"pods\":\"0\",\"requests.cpu\":\"100m\",\"limits.memory\":\"10Mi\",\"configmaps\":\"1\","
                + "\"count/deployments.apps\":\"0\",\"requests.storage\":\"1Gi\"}";
        made(
                "/api/v1/namespaces/rec-a-q/resourcequotas",
                "{\"metadata\":{\"name\":\"q\"},\"spec\":{\"hard\":" + hard + "}}");
        status(
                "rec-a-q",
                hard,
                "{\"pods\":\"0\",\"requests.cpu\":\"0\",\"limits.memory\":\"0\",\"configmaps\":\"2\","
                        + "\"count/deployments.apps\":\"0\",\"requests.storage\":\"0\"}");
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static void namespace(String name, String labels) {
        made("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + name + "\",\"labels\":" + labels + "}}");
        made("/api/v1/namespaces/" + name + "/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
    }

    /** Creates, and reads what was created: from then on every plugin knows it. */
    private static void made(String path, String body) {
        Answer answer = client.post(path, body);
        assertThat(answer.code()).as(answer.text()).isEqualTo(201);
        String name = answer.json().path("metadata").path("name").asString();
        assertThat(client.get(path + "/" + name).code()).isEqualTo(200);
    }

    /** What the controller would do. */
    private static void status(String namespace, String hard, String used) {
        String path = "/api/v1/namespaces/" + namespace + "/resourcequotas/q";
        Answer answer = client.patch(path + "/status", "{\"status\":{\"hard\":" + hard + ",\"used\":" + used + "}}");
        assertThat(answer.code()).as(answer.text()).isEqualTo(200);
        assertThat(client.get(path).code()).isEqualTo(200);
    }

    @Test
    void answersAsUpstream() {
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (JsonNode recorded : Facts.lines("validation.jsonl")) {
            String id = recorded.path("id").asString();
            if (GROUPS.contains(id.split("/", 2)[0])) {
                compared++;
                compare(id, recorded, differences);
            }
        }
        assertThat(differences).as("of %d", compared).isEmpty();
        assertThat(compared).isGreaterThan(50);
    }

    @Test
    void quotaAndLimitRangeDialogue() {
        List<String> differences = new ArrayList<>();
        JsonNode dialogue = Facts.lines("dialogues.jsonl").stream()
                .filter(one -> one.path("name").asString().equals("quota_and_limitrange"))
                .findFirst()
                .orElseThrow();
        int number = 0;
        for (JsonNode step : dialogue.path("steps")) {
            String path = step.path("path").asString();
            compare("step " + ++number + " " + path, step, differences);
            if (step.path("method").asString().equals("DELETE") && path.endsWith("/pods/a")) {
                dialogueStatus(0);
            } else if (number == 1) {
                made("/api/v1/namespaces/rec-b-q4/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
            } else if (number == 2) {
                dialogueStatus(0);
            } else if (step.path("method").asString().equals("POST")
                    && step.path("code").asInt() == 201
                    && !path.contains("dryRun")) {
                client.get(path + "/"
                        + step.path("response").path("metadata").path("name").asString());
            }
        }
        assertThat(differences).isEmpty();
    }

    private static void dialogueStatus(int pods) {
        status(
                "rec-b-q4",
                "{\"configmaps\":\"2\",\"pods\":\"1\",\"requests.cpu\":\"1\",\"services.nodeports\":\"0\"}",
                "{\"configmaps\":\"0\",\"pods\":\"" + pods + "\",\"requests.cpu\":\"0\",\"services.nodeports\":\"0\"}");
    }

    private static void compare(String id, JsonNode recorded, List<String> differences) {
        Map<String, String> headers = new HashMap<>();
        recorded.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asString()));
        byte[] body =
                recorded.hasNonNull("body") ? recorded.path("body").toString().getBytes(StandardCharsets.UTF_8) : null;
        Answer answer = client.send(
                recorded.path("method").asString(), recorded.path("path").asString(), headers, body);
        List<String> warnings = new ArrayList<>();
        JsonNode warning = recorded.path("response_headers").path("Warning");
        warning.forEach(line -> warnings.add(line.asString()));
        same(id, "code", recorded.path("code").asInt(), answer.code(), differences);
        same(id, "warnings", warnings, answer.headers().getOrDefault("warning", List.of()), differences);
        JsonNode expected = recorded.path("response");
        JsonNode given = answer.json();
        for (String field : List.of("message", "reason", "details", "spec", "status")) {
            same(id, field, plain(expected.path(field)), plain(given.path(field)), differences);
        }
        JsonNode annotations = expected.path("metadata").path("annotations");
        same(
                id,
                "annotations",
                annotations.toString(),
                given.path("metadata").path("annotations").toString(),
                differences);
    }

    /** Without generated names and times. */
    private static String plain(JsonNode value) {
        if (value instanceof ObjectNode object) {
            object.remove("conditions");
        }
        return value.toString().replaceAll("kube-api-access-[a-z0-9]{5}", "kube-api-access");
    }

    private static void same(String id, String what, Object expected, Object given, List<String> differences) {
        if (!expected.equals(given)) {
            differences.add(id + " " + what + ": " + given + " instead of " + expected);
        }
    }
}
