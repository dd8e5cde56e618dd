package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.apiserver.storage.MemoryStore;
import io.jollyboat.runtime.SystemRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Authorizers as a file tells, one of them another server. */
class AuthorizationFileTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String HEAD =
            "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers:\n";
    private static final String USUAL = "  - {type: Node, name: node}\n  - {type: RBAC, name: rbac}\n";
    private static final String REVIEWS = "/apis/authorization.k8s.io/v1/";

    @TempDir
    private Path folder;

    private ReviewServer reviewer;
    private EmbeddedApiServer server;
    private RestClient client;
    private Path file;

    @BeforeEach
    void start() throws GeneralSecurityException, IOException {
        reviewer = new ReviewServer();
        reviewer.answer(review -> RestClient.JSON.createObjectNode().put("allowed", false));
        file = folder.resolve("authorization.yaml");
    }

    private void serve(String authorizers) throws IOException {
        Files.writeString(file, HEAD + authorizers);
        server = EmbeddedApiServer.start(
                SystemRuntime.instance(), new MemoryStore(SystemRuntime.instance()), usual -> usual.authorizing(file));
        client = RestClient.admin(server);
    }

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            client.close();
            server.close();
        }
        reviewer.close();
    }

    private String webhook(String failurePolicy, String... conditions) throws IOException {
        StringBuilder matching = new StringBuilder();
        for (String condition : conditions) {
            matching.append("{expression: \"").append(condition).append("\"},");
        }
        return "  - type: Webhook\n    name: other\n    webhook: {timeout: 3s, subjectAccessReviewVersion: v1,"
                + " matchConditionSubjectAccessReviewVersion: v1, failurePolicy: " + failurePolicy
                + ", connectionInfo: {type: KubeConfigFile, kubeConfigFile: \"" + reviewer.kubeconfig(folder, "{}")
                + "\"}, matchConditions: [" + matching + "]}\n";
    }

    private Answer as(String user, String path) {
        return client.send("GET", path, Map.of("Impersonate-User", user), null);
    }

    @Test
    void theOtherServerDecidesWhatItIsAskedAbout() throws IOException {
        serve(webhook("Deny", "request.user.startsWith('hooked-')", "has(request.resourceAttributes)") + USUAL);
        reviewer.answer(review -> {
            ObjectNode status = RestClient.JSON.createObjectNode().put("allowed", false);
            JsonNode what = review.path("spec").path("resourceAttributes");
            switch (what.path("resource").asString("")) {
                case "pods" -> status.put("allowed", true);
                case "secrets" -> status.put("denied", true).put("reason", "not on a Sunday");
                default -> {
                    // No opinion.
                }
            }
            return status;
        });
        assertThat(as(
                                "hooked-a",
                                "/api/v1/namespaces/default/pods?labelSelector=a%20in%20(b),!c&fieldSelector=spec.nodeName=n")
                        .code())
                .isEqualTo(200);
        JsonNode spec = reviewer.asked().getFirst().path("spec");
        assertThat(spec.path("user").asString()).isEqualTo("hooked-a");
        assertThat(spec.path("groups").toString()).isEqualTo("[\"system:authenticated\"]");
        assertThat(spec.path("resourceAttributes").toString())
                .isEqualTo("{\"namespace\":\"default\",\"verb\":\"list\",\"version\":\"v1\",\"resource\":\"pods\","
                        + "\"fieldSelector\":{\"requirements\":[{\"key\":\"spec.nodeName\",\"operator\":\"In\","
                        + "\"values\":[\"n\"]}]},\"labelSelector\":{\"requirements\":[{\"key\":\"a\",\"operator\":"
                        + "\"In\",\"values\":[\"b\"]},{\"key\":\"c\",\"operator\":\"DoesNotExist\"}]}}");
        assertThat(as("hooked-a", "/api/v1/namespaces/default/secrets").message())
                .isEqualTo("secrets is forbidden: User \"hooked-a\" cannot list resource \"secrets\" in API group \"\""
                        + " in the namespace \"default\": not on a Sunday");
        assertThat(as("hooked-a", "/api/v1/namespaces/default/configmaps").code())
                .isEqualTo(403);
        assertThat(as("hooked-a", "/version").code()).as("RBAC's").isEqualTo(200);
        int asked = reviewer.asked().size();
        assertThat(asked).isEqualTo(3);
        assertThat(as("hooked-a", "/api/v1/namespaces/default/secrets").code()).isEqualTo(403);
        assertThat(as("somebody", "/api/v1/namespaces/default/pods").code()).isEqualTo(403);
        assertThat(client.get("/api/v1/pods").code()).as("masters").isEqualTo(200);
        assertThat(reviewer.asked()).as("kept, and not asked about others").hasSize(asked);

        JsonNode rules = client.send(
                        "POST",
                        REVIEWS + "selfsubjectrulesreviews",
                        Map.of("Impersonate-User", "somebody", "Content-Type", "application/json"),
                        "{\"spec\":{\"namespace\":\"default\"}}".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .json()
                .path("status");
        assertThat(rules.path("incomplete").asBoolean()).isTrue();
        assertThat(rules.path("evaluationError").asString())
                .isEqualTo("webhook authorizer does not support user rule resolution");
        assertThat(rules.path("nonResourceRules").size()).isPositive();
    }

    @Test
    void failuresAreForThePolicy() throws IOException {
        serve(webhook("Deny", "request.user != 'spared'") + USUAL);
        reviewer.fail(404);
        Answer failed = as("somebody", "/api/v1/namespaces/default/pods");
        assertThat(failed.code()).isEqualTo(500);
        assertThat(failed.message())
                .isEqualTo("Internal Server Error: \"/api/v1/namespaces/default/pods\": the server could not find the"
                        + " requested resource");
        assertThat(as("spared", "/api/v1/namespaces/default/pods").code()).isEqualTo(403);
        JsonNode status = client.post(
                        REVIEWS + "subjectaccessreviews",
                        "{\"spec\":{\"user\":\"somebody\",\"resourceAttributes\":{\"verb\":\"get\",\"resource\":\"pods\"}}}")
                .json()
                .path("status");
        assertThat(status.toString())
                .isEqualTo("{\"allowed\":false,\"denied\":true,\"evaluationError\":\"the server could not find the"
                        + " requested resource\"}");

        Files.writeString(file, HEAD + webhook("NoOpinion", "request.extra['x'][0] == 'y'") + USUAL);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(as("somebody", "/version").code())
                        .as("the next one decides")
                        .isEqualTo(200));
        assertThat(as("somebody", "/api/v1/pods").message()).contains("no such key: x");
    }

    @Test
    void theFileChangesAndABrokenOneChangesNothing() throws IOException {
        serve(USUAL);
        assertThat(as("somebody", "/api/v1/pods").code()).isEqualTo(403);
        reviewer.answer(review -> RestClient.JSON.createObjectNode().put("allowed", true));
        Files.writeString(file, HEAD + USUAL + webhook("Deny"));
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(as("somebody", "/api/v1/pods").code()).isEqualTo(200));
        // Broken, then without what must stay, then with something new; nothing of it takes hold.
        for (String broken : new String[] {
            "  - {type: Other, name: x}\n", webhook("Deny"), "  - {type: AlwaysDeny, name: alwaysdeny}\n"
        }) {
            Files.writeString(file, HEAD + broken);
            client.get("/version");
            assertThat(as("somebody", "/api/v1/pods").code()).isEqualTo(200);
        }
        Files.writeString(file, HEAD + USUAL);
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(as("somebody", "/api/v1/pods").code()).isEqualTo(403));
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() throws IOException {
        Files.writeString(file, HEAD + """
                          - {type: Other, name: x}
                          - {type: RBAC, name: Not_A_Name}
                          - {type: RBAC, name: rbac}
                          - {type: Node, name: node, webhook: {}}
                          - type: Webhook
                            name: w
                            webhook: {timeout: 31s, unauthorizedTTL: -1s, subjectAccessReviewVersion: v2,
                              matchConditions: [{expression: "request.user"}, {expression: "nosuch == 1"}],
                              connectionInfo: {type: KubeConfigFile, kubeConfigFile: relative}}
                          - {type: Webhook, name: w}
                        """);
        assertThatThrownBy(() -> EmbeddedApiServer.start(
                        SystemRuntime.instance(),
                        new MemoryStore(SystemRuntime.instance()),
                        usual -> usual.authorizing(file)))
                .hasMessageStartingWith("authorizationFile: " + file + ": [")
                .hasMessageContainingAll(
                        "authorizers[0].type: Unsupported value: \"Other\": supported values: \"ABAC\", \"AlwaysAllow\","
                                + " \"AlwaysDeny\", \"Node\", \"RBAC\", \"Webhook\"",
                        "authorizers[1].name: Invalid value: \"Not_A_Name\": authorizer name is invalid: a lowercase"
                                + " RFC 1123 subdomain",
                        "authorizers[2].type: Duplicate value: \"RBAC\"",
                        "authorizers[3].webhook: Invalid value: \"non-null\": may only be specified when type=Webhook",
                        "authorizers[4].timeout: Invalid value: \"31s\": must be > 0s and <= 30s",
                        "authorizers[4].unauthorizedTTL: Invalid value: \"-1s\": must be > 0s",
                        "authorizers[4].subjectAccessReviewVersion: Unsupported value: \"v2\": supported values: \"v1\","
                                + " \"v1beta1\"",
                        "authorizers[4].matchConditionSubjectAccessReviewVersion: Required value: required if match"
                                + " conditions are specified",
                        "authorizers[4].failurePolicy: Required value",
                        "authorizers[4].connectionInfo.kubeConfigFile: Invalid value: \"relative\": must be an absolute"
                                + " path",
                        "authorizers[4].matchConditions[0].expression: Invalid value: \"request.user\": must evaluate to"
                                + " bool but got string",
                        "authorizers[4].matchConditions[1].expression: Invalid value: \"nosuch == 1\": compilation failed:"
                                + " ERROR: <input>:1:1: undeclared reference to 'nosuch'",
                        "authorizers[5].name: Duplicate value: \"w\"",
                        "authorizers[5].webhook: Required value: required when type=Webhook");
    }
}
