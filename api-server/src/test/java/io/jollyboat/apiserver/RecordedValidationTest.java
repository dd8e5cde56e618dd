package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.apiserver.facts.Facts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Creates and changes objects as was done to an upstream cluster; code, message and causes must be the same. */
class RecordedValidationTest {
    private static final Set<String> GROUPS =
            Set.of("create", "update", "real", "bind", "status", "scale", "csr", "crd", "gen", "cr");
    private static final Pattern REPEAT = Pattern.compile("<repeat:(.):(\\d+)>");

    private static EmbeddedApiServer server;
    private static RestClient client;

    @BeforeAll
    static void start() {
        server = EmbeddedApiServer.start();
        client = RestClient.admin(server);
        make("create");
    }

    /** What stood there: some of it before the recorded creates, most of it before the updates. */
    private static void make(String before) {
        try {
            for (String line : Files.readAllLines(Path.of("src/test/resources/recorded-objects.jsonl"))) {
                JsonNode object = RestClient.JSON.readTree(line);
                if (!object.path("before").asString("update").equals(before)) {
                    continue;
                }
                String path = object.path("path").asString();
                Answer answer = object.has("patch")
                        ? client.patch(path, object.path("patch").toString())
                        : client.post(path, object.path("body").toString());
                assertThat(answer.code()).as("%s: %s", line, answer.text()).isBetween(200, 201);
                if (answer.json().path("kind").asString("").equals("CustomResourceDefinition")) {
                    awaitJudged(answer.json().path("metadata").path("name").asString());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Until its names are accepted or refused, and its objects served if they are. */
    private static void awaitJudged(String definition) {
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            JsonNode now = client.get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + definition)
                    .json();
            String conditions = now.path("status").path("conditions").toString();
            String objects = "/apis/" + now.path("spec").path("group").asString() + "/v1/"
                    + now.path("spec").path("names").path("plural").asString();
            return conditions.contains("NotAccepted") || client.get(objects).code() == 200;
        });
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    @Test
    void answersAsUpstream() {
        Map<String, String> known = new HashMap<>(RecordedDifferences.REASONS);
        List<String> wrong = new ArrayList<>();
        Map<String, int[]> counts = new TreeMap<>();
        boolean complete = false;
        for (JsonNode recorded : Facts.lines("validation.jsonl")) {
            String id = recorded.path("id").asString();
            String group = id.split("/", 2)[0];
            if (!GROUPS.contains(group)) {
                continue;
            }
            if (!complete && !group.equals("create")) {
                make("update");
                complete = true;
            }
            make(id);
            int[] count = counts.computeIfAbsent(group, key -> new int[2]);
            count[0]++;
            String difference = compare(recorded);
            boolean expected = known.remove(id) != null;
            if (difference == null) {
                count[1]++;
                if (expected) {
                    wrong.add(id + ": listed as different, and is not");
                }
            } else if (!expected) {
                wrong.add(id + difference);
            }
        }
        known.keySet().forEach(id -> wrong.add(id + ": listed as different, and is not recorded"));
        StringBuilder report = new StringBuilder("equal:");
        counts.forEach((group, count) -> report.append(' ')
                .append(group)
                .append(' ')
                .append(count[1])
                .append('/')
                .append(count[0]));
        System.out.println(report);
        dump(wrong);
        assertThat(wrong).as(report.toString()).isEmpty();
        assertThat(counts.get("create")[0]).isGreaterThan(500);
        assertThat(counts.get("update")[0]).isGreaterThan(130);
    }

    /** The whole of a failure is too long to read in a console. */
    private static void dump(List<String> wrong) {
        try {
            Files.write(Path.of("target/recorded-differences.txt"), wrong);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String compare(JsonNode recorded) {
        String path = recorded.path("path").asString();
        String method = recorded.path("method").asString();
        Map<String, String> headers = new HashMap<>();
        recorded.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asString()));
        Answer answer = client.send(method, path, headers, body(recorded));
        if (method.equals("POST") && answer.code() == 201 && !path.contains("dryRun")) {
            String name = answer.json().path("metadata").path("name").asString("");
            client.delete(path.split("\\?", 2)[0] + "/" + name);
        }
        int code = recorded.path("code").asInt();
        if (code == 0) { // it dropped the connection, out of a panic
            return answer.code() == 415 ? null : " is " + answer.code();
        }
        JsonNode expected = recorded.path("response");
        boolean unordered =
                RecordedDifferences.UNORDERED.contains(recorded.path("id").asString());
        String want = code + " " + text(expected, unordered) + warnings(recorded);
        boolean json = answer.headers()
                .getOrDefault("content-type", List.of())
                .toString()
                .contains("json");
        String got = answer.code() + " " + (json ? text(answer.json(), unordered) : "")
                + answer.headers().getOrDefault("warning", List.of());
        return want.equals(got) ? null : "\n  upstream " + want + "\n  ours     " + got;
    }

    /** As header lines. */
    private static List<String> warnings(JsonNode recorded) {
        List<String> lines = new ArrayList<>();
        JsonNode headers = recorded.path("response_headers").path("Warning");
        if (headers.isArray()) {
            headers.forEach(line -> lines.add(line.asString()));
        } else if (!headers.isMissingNode()) {
            lines.add(headers.asString());
        }
        return lines;
    }

    /** A Status' message and causes; without order the causes alone, which say the same. */
    private static String text(JsonNode answer, boolean unordered) {
        if (!answer.path("kind").asString("").equals("Status")) {
            return "";
        }
        List<String> causes = new ArrayList<>();
        for (JsonNode cause : answer.path("details").path("causes")) {
            causes.add(cause.path("reason").asString("")
                    + ' '
                    + normal(cause.path("field").asString(""))
                    + ' '
                    + normal(cause.path("message").asString("")));
        }
        String message = normal(answer.path("message").asString(""));
        if (unordered) {
            causes.sort(null);
            message = message.substring(0, Math.max(0, message.indexOf(':')));
        }
        return message + "\n    " + String.join("\n    ", causes);
    }

    /** Without what a server makes up, and without the comparison of two specs, which is for people to read. */
    private static String normal(String text) {
        return expand(text)
                .replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<uid>")
                .replaceAll("kube-api-access-[a-z0-9]{5}", "<token volume>")
                .replaceAll("10\\.9[67]\\.\\d+\\.\\d+", "<address>")
                .replaceAll("\"(Bad_|a{58})[0-9a-z]{5}\"", "\"$1\"")
                .replaceAll("(?s)\n(@@|  ).*?\n(?=$|[\\],])", "<comparison>");
    }

    private static String expand(String text) {
        return REPEAT.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(match.group(1).repeat(Integer.parseInt(match.group(2)))));
    }

    private static byte[] body(JsonNode recorded) {
        JsonNode body = recorded.path("body");
        if (body.isMissingNode() || body.isNull()) {
            return null;
        }
        // That cluster's Services had another range.
        String text =
                expand(body.isString() ? body.asString() : body.toString()).replace("10.97.", "10.96.");
        if (recorded.path("id").asString().startsWith("csr/")) {
            // The object as it was read there: its uid and revision are others here.
            text = text.replaceAll("\"(uid|resourceVersion)\":\"[^\"]*\",", "");
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
