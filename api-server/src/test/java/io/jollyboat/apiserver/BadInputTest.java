package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.RestClient.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies, paths and headers that are meant to hurt, answered with a Status. */
@Timeout(120)
class BadInputTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static EmbeddedApiServer server;
    private static RestClient client;

    @BeforeAll
    static void start() {
        server = EmbeddedApiServer.start();
        client = RestClient.admin(server);
        client.post(MAPS, "{\"metadata\":{\"name\":\"one\"},\"data\":{\"a\":\"b\"}}");
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static Answer send(String method, String path, String type, String body) {
        return client.send(method, path, Map.of("Content-Type", type), body.getBytes(StandardCharsets.UTF_8));
    }

    private static void refused(Answer answer, int code) {
        assertThat(answer.code()).as(answer.text()).isEqualTo(code);
        assertThat(answer.json().path("kind").asString()).isEqualTo("Status");
        assertThat(answer.json().path("code").asInt()).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 600, 20_000, 700_000})
    void deepJsonIsRefusedWhereverItComes(int depth) {
        String arrays = "[".repeat(depth) + "]".repeat(depth);
        String objects = "{\"a\":".repeat(depth / 4) + "1" + "}".repeat(depth / 4);
        for (String deep : new String[] {arrays, objects}) {
            for (String body : new String[] {
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"deep\"},\"unknown\":" + deep
                        + "}",
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":" + deep + "}",
                deep
            }) {
                for (String validation : new String[] {"Strict", "Ignore"}) {
                    Answer created =
                            send("POST", MAPS + "?dryRun=All&fieldValidation=" + validation, "application/json", body);
                    assertThat(created.code()).as(created.text()).isIn(201, 400, 422);
                    Answer yaml =
                            send("POST", MAPS + "?dryRun=All&fieldValidation=" + validation, "application/yaml", body);
                    assertThat(yaml.code()).as(yaml.text()).isIn(201, 400, 422);
                }
                for (String patch :
                        new String[] {"merge-patch+json", "strategic-merge-patch+json", "json-patch+json"}) {
                    Answer patched = send("PATCH", MAPS + "/one?dryRun=All", "application/" + patch, body);
                    assertThat(patched.code()).as(patch + " " + patched.text()).isIn(200, 400, 422);
                }
                Answer applied =
                        send("PATCH", MAPS + "/deep?dryRun=All&fieldManager=t", "application/apply-patch+yaml", body);
                // Upstream says 500 of a field that there is not.
                assertThat(applied.code()).as(applied.text()).isIn(201, 400, 500);
                assertThat(applied.code() == 500 && !applied.message().contains("failed to create typed patch object"))
                        .as(applied.text())
                        .isFalse();
                Answer deleted = send("DELETE", MAPS + "/victim", "application/json", body);
                assertThat(deleted.code()).as(deleted.text()).isIn(400, 404);
            }
            Answer operation = send(
                    "PATCH",
                    MAPS + "/one?dryRun=All",
                    "application/json-patch+json",
                    "[{\"op\":\"add\",\"path\":\"/data/x\",\"value\":" + deep + "}]");
            assertThat(operation.code()).as(operation.text()).isIn(400, 422);
            Answer schema = send(
                    "POST",
                    CRDS + "?dryRun=All",
                    "application/json",
                    "{\"apiVersion\":\"apiextensions.k8s.io/v1\",\"kind\":\"CustomResourceDefinition\",\"metadata\":{\"name\":\"x.y.io\"},\"spec\":{\"versions\":[{\"name\":\"v1\",\"schema\":{\"openAPIV3Schema\":{\"default\":"
                            + deep + ",\"properties\":" + "{\"a\":{\"properties\":".repeat(Math.min(depth, 50_000))
                            + "{}"
                            + "}}".repeat(Math.min(depth, 50_000)) + "}}}]}}");
            assertThat(schema.code()).as(schema.message()).isIn(400, 422);
        }
    }

    @Test
    void saysThatJsonIsTooDeep() {
        Answer answer = send("POST", MAPS, "application/json", "{\"x\":" + "[".repeat(10_001));
        refused(answer, 400);
        assertThat(answer.message()).contains("exceeded max depth");
    }

    @Test
    void billionLaughsAreRefused() {
        StringBuilder yaml =
                new StringBuilder("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: laugh}\ndata:\n  l0: &l0 ha\n");
        for (int i = 1; i < 12; i++) {
            yaml.append("  l%d: &l%d [".formatted(i, i));
            yaml.append(("*l" + (i - 1) + ",").repeat(9))
                    .append("*l")
                    .append(i - 1)
                    .append("]\n");
        }
        Answer created = send("POST", MAPS, "application/yaml", yaml.toString());
        refused(created, 400);
        assertThat(created.message()).contains("document contains excessive aliasing");
        Answer applied = send("PATCH", MAPS + "/laugh?fieldManager=t", "application/apply-patch+yaml", yaml.toString());
        refused(applied, 400);
        assertThat(applied.message()).contains("document contains excessive aliasing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: &a [*a]",
                "a: &a {b: *a}",
                "&a [*a]",
                "? [a]\n: b",
                "!!python/object:os.system {}",
                "--- \n--- \n",
                "%YAML 3.0\n---\na",
                "a: !!binary ===",
                "<<: 1",
                "\"\\ud800\": 1"
            })
    void oddYamlIsAnswered(String yaml) {
        for (String type : new String[] {"application/yaml", "application/apply-patch+yaml"}) {
            boolean apply = type.contains("apply");
            Answer answer = send(apply ? "PATCH" : "POST", MAPS + (apply ? "/odd?fieldManager=t" : ""), type, yaml);
            assertThat(answer.code()).as(answer.text()).isIn(400, 422);
        }
    }

    @Test
    void bodiesHaveALimit() {
        String large = "{\"metadata\":{\"name\":\"large\"},\"data\":{\"a\":\"" + "x".repeat(3 << 20) + "\"}}";
        for (String type :
                new String[] {"application/json", "application/yaml", "application/vnd.kubernetes.protobuf"}) {
            Answer answer = send("POST", MAPS, type, large);
            refused(answer, 413);
            assertThat(answer.json().path("reason").asString()).isEqualTo("RequestEntityTooLarge");
            assertThat(answer.message()).isEqualTo("Request entity too large: limit is 3145728");
        }
        refused(send("PATCH", MAPS + "/one", "application/merge-patch+json", large), 413);
        refused(send("DELETE", MAPS + "/one", "application/json", large), 413);
        // Below the limit of a body, above that of an object.
        Answer stored = send("POST", MAPS, "application/json", large.substring(0, 2_000_000) + "\"}}");
        refused(stored, 422);
    }

    @Test
    void patchesHaveLimits() {
        String test = "{\"op\":\"test\",\"path\":\"/data/a\",\"value\":\"b\"}";
        Answer many = send(
                "PATCH", MAPS + "/one", "application/json-patch+json", "[" + (test + ",").repeat(10_000) + test + "]");
        refused(many, 413);
        assertThat(many.message())
                .isEqualTo(
                        "Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001");
        StringBuilder copies =
                new StringBuilder("[{\"op\":\"add\",\"path\":\"/metadata/annotations\",\"value\":{\"a\":{}}}");
        for (int i = 0; i < 60; i++) {
            copies.append(",{\"op\":\"copy\",\"from\":\"/metadata/annotations/a\",\"path\":\"/metadata/annotations/a/b"
                    + i + "\"}");
        }
        refused(send("PATCH", MAPS + "/one", "application/json-patch+json", copies + "]"), 422);
        StringBuilder deeper =
                new StringBuilder("[{\"op\":\"add\",\"path\":\"/metadata/annotations\",\"value\":{\"a\":{}}}");
        for (int i = 0; i < 30; i++) {
            deeper.append(",{\"op\":\"copy\",\"from\":\"/metadata/annotations\",\"path\":\"/metadata/annotations/a\"}");
        }
        refused(send("PATCH", MAPS + "/one", "application/json-patch+json", deeper + "]"), 422);
    }

    @Test
    void zippedBodiesAreNotUnderstood() throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write("{\"metadata\":{\"name\":\"zipped\"}}".getBytes(StandardCharsets.UTF_8));
        }
        refused(
                client.send(
                        "POST",
                        MAPS,
                        Map.of("Content-Type", "application/json", "Content-Encoding", "gzip"),
                        zipped.toByteArray()),
                400);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /one%00                        | 404
            /%2e%2e%2fsecrets              | 404
            /a%2fb%2fc                     | 404
            /one?fieldSelector=%ff%fe      | 200
            /%ff%fe                        | 404
            /one%0d%0aX-Evil:%201          | 404
            ?limit=99999999999999999999    | 400
            ?limit=-1                      | 200
            ?limit=x                       | 400
            ?continue=AAAA                 | 400
            ?continue=%00%ff               | 400
            ?resourceVersion=x             | 400
            ?resourceVersion=-1            | 400
            ?resourceVersion=99999999999999999999 | 400
            ?fieldSelector=a%3Db%3Dc       | 400
            ?fieldSelector=metadata.name   | 400
            ?labelSelector=((              | 400
            ?labelSelector=a%20in%20(      | 400
            ?labelSelector=%00             | 400
            ?watch=1&timeoutSeconds=x      | 400
            """)
    void oddPathsAndQueriesAreAnswered(String path, int code) {
        Answer answer = client.get(MAPS + path);
        assertThat(answer.code()).as(answer.text()).isEqualTo(code);
        assertThat(answer.headers()).doesNotContainKey("x-evil");
    }

    @Test
    void hugeSelectorsAreAnswered() {
        String labels = "a%3Db,".repeat(30_000);
        Answer many = client.get(MAPS + "?labelSelector=" + labels + "a%3Db");
        assertThat(many.code()).as(many.text()).isEqualTo(200);
        Answer names =
                client.get(MAPS + "?fieldSelector=" + "metadata.name!%3Dx,".repeat(10_000) + "metadata.name!%3Dy");
        assertThat(names.code()).as(names.text()).isEqualTo(200);
        String set = "a%20in%20(" + "x,".repeat(100_000) + "x)";
        assertThat(client.get(MAPS + "?labelSelector=" + set).code()).isEqualTo(200);
        refused(client.get(MAPS + "?labelSelector=" + "(".repeat(200_000)), 400);
    }

    @Test
    void strangeTypesAreRefused() {
        refused(send("POST", MAPS, "text/plain", "{}"), 415);
        refused(send("PATCH", MAPS + "/one", "application/json", "{}"), 415);
        refused(send("POST", MAPS, "application/json;=;;\"", "{}"), 415);
        Answer unacceptable = client.send("GET", MAPS, Map.of("Accept", "image/png"), null);
        assertThat(unacceptable.code()).isEqualTo(406);
        Answer endless = client.send("GET", MAPS, Map.of("Accept", "a/b;q=0.1,".repeat(20_000) + "x"), null);
        assertThat(endless.code()).isEqualTo(406);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "BREW"})
    void everyMethodIsAnsweredEverywhere(String method) {
        for (String path : new String[] {
            "/",
            "/api",
            "/apis/",
            "/api/v1",
            "/api/v1/",
            "/api/v1/watch",
            "/api/v1/namespaces//configmaps",
            MAPS + "//two",
            "/api/v1/nodes/x/proxy/",
            "/api/v1/namespaces/default/pods/x/exec",
            "/version",
            "/openapi/v2",
            "/healthz/",
            "/metrics",
            "/apis/apps/v1/namespaces/default/deployments/x/scale",
            "/api/v1/namespaces/default/pods/x/eviction",
            "/api/v1/namespaces/x/finalize/y/z",
            "/apis///"
        }) {
            Answer answer = client.send(method, path, Map.of(), null);
            assertThat(answer.code())
                    .as(method + " " + path + ": " + answer.text())
                    .isBetween(200, 499);
        }
    }

    @Test
    void truncatedAndTwistedProtobufIsRefused() {
        byte[] good = client.send("GET", MAPS + "/one", Map.of("Accept", "application/vnd.kubernetes.protobuf"), null)
                .bytes();
        for (int length = 0; length < good.length; length += 3) {
            Answer answer = client.send(
                    "POST",
                    MAPS + "?dryRun=All",
                    Map.of("Content-Type", "application/vnd.kubernetes.protobuf"),
                    java.util.Arrays.copyOf(good, length));
            assertThat(answer.code()).as(length + " " + answer.text()).isIn(201, 400, 409, 422, 500);
            assertThat(answer.message()).doesNotContain("Exception");
        }
    }
}
