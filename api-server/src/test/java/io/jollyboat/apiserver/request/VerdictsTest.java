package io.jollyboat.apiserver.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.apiserver.RestClient;
import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.tls.CertificateRequest;
import io.jollyboat.tls.SigningRequests;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Subresources that change a part of an object, and its metadata with it. */
class VerdictsTest {
    private static final String REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests";

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
    void anApprovalChangesMetadataAndSaysWhen() throws NoSuchAlgorithmException {
        request("approved");
        JsonNode approved = patch("approved/approval", """
                {"metadata":{"annotations":{"by":"me"}},"spec":{"usages":["server auth"]},
                 "status":{"certificate":"eA==","conditions":[{"type":"Approved","status":"True"}]}}""");
        assertThat(approved.path("metadata").path("annotations").path("by").asString())
                .isEqualTo("me");
        assertThat(approved.path("spec").path("usages").toString()).isEqualTo("[\"client auth\"]");
        assertThat(approved.path("status").has("certificate")).isFalse();
        JsonNode condition = approved.path("status").path("conditions").path(0);
        assertThat(condition.path("lastUpdateTime").asString()).matches("\\d{4}-.*Z");
        assertThat(condition.path("lastTransitionTime").asString())
                .isEqualTo(condition.path("lastUpdateTime").asString());
    }

    @Test
    void aStatusKeepsTheVerdict() throws NoSuchAlgorithmException {
        request("kept");
        JsonNode before = patch(
                "kept/approval",
                "{\"status\":{\"conditions\":[{\"type\":\"Approved\",\"status\":\"True\",\"reason\":\"First\"}]}}");
        JsonNode after = patch("kept/status", """
                {"status":{"conditions":[{"type":"Approved","status":"True","reason":"Second"},
                 {"type":"Mine","status":"Unknown","lastTransitionTime":"2020-01-01T00:00:00Z"}]}}""");
        assertThat(after.path("status").path("conditions").path(0))
                .isEqualTo(before.path("status").path("conditions").path(0));
        JsonNode mine = after.path("status").path("conditions").path(1);
        assertThat(mine.path("lastTransitionTime").asString()).isEqualTo("2020-01-01T00:00:00Z");
        assertThat(mine.has("lastUpdateTime")).isTrue();
        // The same type and status again: nothing turned, only the update is new.
        JsonNode again = patch(
                "kept/status",
                "{\"status\":{\"conditions\":["
                        + before.path("status").path("conditions").path(0)
                        + ",{\"type\":\"Mine\",\"status\":\"Unknown\"}]}}");
        assertThat(again.path("status")
                        .path("conditions")
                        .path(1)
                        .path("lastTransitionTime")
                        .asString())
                .isEqualTo("2020-01-01T00:00:00Z");
    }

    @Test
    void finalizingANamespaceChangesItsMetadata() {
        Answer made = client.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"finals\"}}");
        String changed = made.text()
                .replace("\"kubernetes\"", "\"kubernetes\",\"example.com/more\"")
                .replace("\"labels\":{", "\"labels\":{\"by\":\"me\",")
                .replace("\"phase\":\"Active\"", "\"phase\":\"Terminating\"");
        Answer answer = client.put("/api/v1/namespaces/finals/finalize", changed);
        assertThat(answer.code()).as(answer.text()).isEqualTo(200);
        JsonNode namespace = client.get("/api/v1/namespaces/finals").json();
        assertThat(namespace.path("spec").path("finalizers").toString())
                .isEqualTo("[\"kubernetes\",\"example.com/more\"]");
        assertThat(namespace.path("metadata").path("labels").path("by").asString())
                .isEqualTo("me");
        assertThat(namespace.path("status").path("phase").asString()).isEqualTo("Active");
    }

    @Test
    void whatIsNotStoredHasNoTable() {
        Answer answer = client.send(
                "POST",
                "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                Map.of("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io", "Content-Type", "application/json"),
                "{\"spec\":{\"nonResourceAttributes\":{\"path\":\"/\",\"verb\":\"get\"}}}"
                        .getBytes(StandardCharsets.UTF_8));
        assertThat(answer.code()).as(answer.text()).isEqualTo(406);
        assertThat(answer.json().path("reason").asString()).isEqualTo("NotAcceptable");
    }

    private static void request(String name) throws NoSuchAlgorithmException {
        byte[] pem = SigningRequests.create(
                CertificateRequest.client("someone", "some"),
                KeyPairGenerator.getInstance("EC").generateKeyPair());
        Answer made =
                client.post(REQUESTS, """
                {"metadata":{"name":"%s"},"spec":{"request":"%s","signerName":"example.com/nobody",
                 "usages":["client auth"]}}""".formatted(name, Base64.getEncoder().encodeToString(pem)));
        assertThat(made.code()).as(made.text()).isEqualTo(201);
    }

    private static JsonNode patch(String path, String body) {
        Answer answer = client.send(
                "PATCH",
                REQUESTS + "/" + path,
                Map.of("Content-Type", "application/merge-patch+json"),
                body.getBytes(StandardCharsets.UTF_8));
        assertThat(answer.code()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }
}
