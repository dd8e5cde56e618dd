package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.apiserver.authn.TokenWebhookConfig;
import io.jollyboat.apiserver.storage.MemoryStore;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.TlsFiles;
import java.io.IOException;
import java.net.http.HttpClient;
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

/** Tokens that another server knows. */
class TokenWebhookTest {
    private static final String WHOAMI = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

    @TempDir
    private Path folder;

    private ReviewServer reviewer;
    private EmbeddedApiServer server;
    private RestClient client;

    @BeforeEach
    void start() throws GeneralSecurityException, IOException {
        reviewer = new ReviewServer();
        Path kubeconfig = reviewer.kubeconfig(folder, "{token: api-server}");
        server = EmbeddedApiServer.start(
                SystemRuntime.instance(),
                new MemoryStore(SystemRuntime.instance()),
                usual -> usual.asking(new TokenWebhookConfig(kubeconfig, "v1", Duration.ofMinutes(2))));
        client = new RestClient(
                server.url(),
                server.tls(pki -> TlsFiles.trusting(pki.clusterAuthority())),
                HttpClient.Version.HTTP_1_1);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
        reviewer.close();
    }

    private Answer whoAmI(String token) {
        return client.send(
                "POST",
                WHOAMI,
                Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json"),
                "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static ObjectNode alice(JsonNode review) {
        ObjectNode status = RestClient.JSON.createObjectNode();
        if (!review.path("spec").path("token").asString("").equals("alices")) {
            return status.put("authenticated", false);
        }
        status.put("authenticated", true);
        ObjectNode user = status.putObject("user").put("username", "alice").put("uid", "42");
        user.putArray("groups").add("developers");
        user.putObject("extra").putArray("example.com/team").add("blue");
        return status;
    }

    @Test
    void theOtherServerSaysWhoSomebodyIs() {
        reviewer.answer(TokenWebhookTest::alice);
        JsonNode user = whoAmI("alices").json().path("status").path("userInfo");
        assertThat(user.path("username").asString()).isEqualTo("alice");
        assertThat(user.path("uid").asString()).isEqualTo("42");
        assertThat(user.path("groups").toString()).isEqualTo("[\"developers\",\"system:authenticated\"]");
        assertThat(user.path("extra").toString()).isEqualTo("{\"example.com/team\":[\"blue\"]}");
        JsonNode asked = reviewer.asked().getFirst();
        assertThat(asked.path("apiVersion").asString()).isEqualTo("authentication.k8s.io/v1");
        assertThat(asked.path("kind").asString()).isEqualTo("TokenReview");
        assertThat(asked.path("spec").path("audiences").toString())
                .isEqualTo("[\"https://kubernetes.default.svc.cluster.local\"]");
        assertThat(reviewer.credentials()).containsExactly("Bearer api-server");
        // A yes and a no are kept.
        assertThat(whoAmI("alices").code()).isEqualTo(201);
        assertThat(whoAmI("bobs").code()).isEqualTo(401);
        assertThat(whoAmI("bobs").code()).isEqualTo(401);
        assertThat(reviewer.asked()).hasSize(2);
    }

    @Test
    void whoeverCannotBeAskedKnowsNobody() throws IOException {
        reviewer.answer(TokenWebhookTest::alice);
        assertThat(whoAmI("alices").code()).isEqualTo(201);
        reviewer.fail(403);
        assertThat(whoAmI("carols").code()).isEqualTo(401);
        reviewer.answer(TokenWebhookTest::alice);
        assertThat(whoAmI("carols").code()).isEqualTo(401);
        assertThat(reviewer.asked()).as("a failure is not kept").hasSize(3);
        reviewer.close();
        assertThat(whoAmI("daves").code()).isEqualTo(401);
        assertThat(whoAmI("alices").code()).as("kept").isEqualTo(201);
        assertThat(client.get("/version").code()).isEqualTo(200);
    }

    @Test
    void whatMayPassIsTriedAgain() {
        reviewer.answer(review -> {
            if (reviewer.asked().size() < 2) {
                reviewer.fail(500);
                reviewer.answer(TokenWebhookTest::alice);
                return null;
            }
            return alice(review);
        });
        assertThat(whoAmI("alices").code()).isEqualTo(201);
        assertThat(reviewer.asked()).hasSize(2);
    }

    @Test
    void tokensForOthersAreNotTaken() {
        reviewer.answer(review -> {
            ObjectNode status = alice(review);
            status.putArray("audiences").add("somebody-else");
            return status;
        });
        assertThat(whoAmI("alices").code()).isEqualTo(401);
        try (RestClient admin = RestClient.admin(server)) {
            JsonNode status = admin.post(
                            "/apis/authentication.k8s.io/v1/tokenreviews",
                            "{\"spec\":{\"token\":\"alices\",\"audiences\":[\"somebody-else\",\"x\"]}}")
                    .json()
                    .path("status");
            assertThat(status.path("user").path("username").asString()).isEqualTo("alice");
            assertThat(status.path("audiences").toString()).isEqualTo("[\"somebody-else\"]");
        }
    }

    @Test
    void aFileThatLeadsNowhereIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("bad.yaml"), "{current-context: nowhere, contexts: []}");
        assertThatThrownBy(() -> EmbeddedApiServer.start(
                        SystemRuntime.instance(),
                        new MemoryStore(SystemRuntime.instance()),
                        usual -> usual.asking(new TokenWebhookConfig(file, "v1", Duration.ofMinutes(2)))))
                .hasMessageContaining(
                        "tokenWebhook.configFile: " + file + ": context \"nowhere\" does not exist in contexts");
    }
}
