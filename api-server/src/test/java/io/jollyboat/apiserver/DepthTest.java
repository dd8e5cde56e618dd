package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.client.ApiClient;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deep objects: what is taken can be read again, what is too deep is the client's fault. */
@Timeout(120)
class DepthTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final String CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String WELLS = "/apis/deep.example.com/v1/wells";
    private static EmbeddedApiServer server;
    private static RestClient client;

    @BeforeAll
    static void start() {
        server = EmbeddedApiServer.start();
        client = RestClient.admin(server);
        Answer defined = client.post(
                CRDS,
                definition("wells", "Well", "{\"type\":\"object\",\"x-kubernetes-preserve-unknown-fields\":true}"));
        assertThat(defined.code()).as(defined.text()).isEqualTo(201);
        await().atMost(DEADLINE).until(() -> client.get(WELLS).code() == 200);
        String map = "{\"metadata\":{\"name\":\"one\"}}";
        assertThat(client.post("/api/v1/namespaces/default/configmaps", map).code())
                .isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static String definition(String plural, String kind, String schema) {
        return "{\"apiVersion\":\"apiextensions.k8s.io/v1\",\"kind\":\"CustomResourceDefinition\",\"metadata\":{\"name\":\""
                + plural
                + ".deep.example.com\"},\"spec\":{\"group\":\"deep.example.com\",\"scope\":\"Cluster\",\"names\":"
                + "{\"plural\":\"" + plural + "\",\"kind\":\"" + kind
                + "\"},\"versions\":[{\"name\":\"v1\",\"served\":true,"
                + "\"storage\":true,\"schema\":{\"openAPIV3Schema\":" + schema + "}}]}}";
    }

    private static String nested(int depth) {
        return "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
    }

    private static String well(String name, String spec) {
        return "{\"apiVersion\":\"deep.example.com/v1\",\"kind\":\"Well\",\"metadata\":{\"name\":\"" + name
                + "\"},\"spec\":" + spec + "}";
    }

    private static Answer patch(String path, String type, String body) {
        return client.send(
                "PATCH", path, Map.of("Content-Type", "application/" + type), body.getBytes(StandardCharsets.UTF_8));
    }

    /** Whatever was answered: what is there can be read, listed, and goes. */
    private static void checkReadable(String collection, String name, Answer written) {
        assertThat(written.code()).as(written.text()).isIn(200, 201, 400, 422);
        Answer read = client.get(collection + "/" + name);
        assertThat(read.code()).as(read.text()).isIn(200, 404);
        assertThat(client.get(collection).code()).isEqualTo(200);
        if (read.code() == 200) {
            assertThat(client.delete(collection + "/" + name).code()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {90, 400, 497, 499, 502, 900, 1_100, 9_000, 100_000})
    void bodiesOfCustomObjects(int depth) {
        checkReadable(WELLS, "body", client.post(WELLS, well("body", nested(depth))));
        checkReadable(
                WELLS,
                "applied",
                patch(WELLS + "/applied?fieldManager=t", "apply-patch+yaml", well("applied", nested(depth))));
        assertThat(client.post(WELLS, well("merged", "{}")).code()).isEqualTo(201);
        checkReadable(
                WELLS, "merged", patch(WELLS + "/merged", "merge-patch+json", "{\"spec\":" + nested(depth) + "}"));
    }

    /** No single body is deep, but what they make together. */
    @ParameterizedTest
    @ValueSource(ints = {50, 200, 400})
    void objectsThatGrowDeepByPatches(int depth) {
        assertThat(client.post(WELLS, well("grown", nested(depth))).code()).isEqualTo(201);
        String end = "/spec" + "/a".repeat(depth);
        Answer grown = null;
        for (int i = 0; i < 3; i++) {
            grown = patch(
                    WELLS + "/grown",
                    "json-patch+json",
                    "[{\"op\":\"copy\",\"from\":\"/spec\",\"path\":\"" + end + "\"}]");
            end += "/a".repeat(depth);
            assertThat(grown.code()).as(grown.text()).isIn(200, 400, 422);
            assertThat(client.get(WELLS + "/grown").code()).isEqualTo(200);
        }
        checkReadable(WELLS, "grown", grown);
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 40, 60, 120, 230})
    void schemasOfDefinitions(int depth) {
        String schema = "{\"type\":\"object\",\"properties\":{\"a\":".repeat(depth) + "{\"type\":\"string\"}"
                + "}}".repeat(depth);
        Answer defined = client.post(CRDS, definition("pits", "Pit", schema));
        checkReadable(CRDS, "pits.deep.example.com", defined);
        await().atMost(DEADLINE)
                .until(() -> client.get(CRDS + "/pits.deep.example.com").code() == 404);
    }

    @Test
    void patchesAtTheOtherDoor() {
        ApiClient admin = server.adminClient();
        for (ApiClient.PatchKind kind : ApiClient.PatchKind.values()) {
            ApiException refused = catchThrowableOfType(
                    ApiException.class,
                    () -> admin.patch(
                            Kinds.of(ConfigMap.class),
                            ObjectKey.of("default", "one"),
                            "",
                            kind,
                            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"data\":" + nested(20_000) + "}"));
            assertThat(refused.code()).as(kind + ": " + refused.getMessage()).isIn(400, 404, 422);
        }
    }
}
