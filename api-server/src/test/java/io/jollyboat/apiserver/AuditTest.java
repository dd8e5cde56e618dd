package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.apiserver.audit.AuditConfig;
import io.jollyboat.apiserver.storage.MemoryStore;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.TlsFiles;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the log tells of requests that came through the REST door. */
class AuditTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String POLICY = """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            rules:
              - level: None
                nonResourceURLs: ["/readyz*", "/version"]
              - level: RequestResponse
                omitManagedFields: true
                resources: [{group: "", resources: [configmaps]}]
              - level: Metadata
                verbs: [watch]
              - level: Request
                resources: [{group: "", resources: [secrets, "serviceaccounts/*"]}]
              - level: Metadata
                omitStages: [ResponseStarted]
            """;

    @TempDir
    private static Path folder;

    private static EmbeddedApiServer server;
    private static RestClient client;

    @BeforeAll
    static void start() throws IOException {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), POLICY);
        AuditConfig config = new AuditConfig(
                policy, Optional.of(new AuditConfig.LogFile(folder.resolve("audit.log"), 100, 0, 0)), Optional.empty());
        server = EmbeddedApiServer.start(
                SystemRuntime.instance(),
                new MemoryStore(SystemRuntime.instance()),
                settings -> settings.audited(config));
        client = RestClient.admin(server);
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    /** The events of one request, once the last is there. */
    private static List<JsonNode> events(Answer answer, int count) {
        String id = answer.headers().get("audit-id").getFirst();
        return await().atMost(LIMIT)
                .until(
                        () -> Files.readAllLines(folder.resolve("audit.log")).stream()
                                .map(RestClient.JSON::readTree)
                                .filter(event ->
                                        event.path("auditID").asString().equals(id))
                                .toList(),
                        events -> events.size() == count);
    }

    @Test
    void tellsRequestAndAnswer() {
        Answer created =
                client.post(MAPS + "?fieldManager=x", "{\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"v\"}}");
        JsonNode event = events(created, 1).getFirst();
        assertThat(event.propertyNames())
                .containsExactly(
                        "kind",
                        "apiVersion",
                        "level",
                        "auditID",
                        "stage",
                        "requestURI",
                        "verb",
                        "user",
                        "sourceIPs",
                        "userAgent",
                        "objectRef",
                        "responseStatus",
                        "requestObject",
                        "responseObject",
                        "requestReceivedTimestamp",
                        "stageTimestamp",
                        "annotations");
        assertThat(event.path("level").asString()).isEqualTo("RequestResponse");
        assertThat(event.path("stage").asString()).isEqualTo("ResponseComplete");
        assertThat(event.path("requestURI").asString()).isEqualTo(MAPS + "?fieldManager=x");
        assertThat(event.path("verb").asString()).isEqualTo("create");
        assertThat(event.path("user").path("username").asString()).isEqualTo("kubernetes-admin");
        assertThat(event.path("sourceIPs")).hasToString("[\"127.0.0.1\"]");
        assertThat(event.path("objectRef"))
                .hasToString(
                        "{\"resource\":\"configmaps\",\"namespace\":\"default\",\"name\":\"a\",\"apiVersion\":\"v1\"}");
        assertThat(event.path("responseStatus")).hasToString("{\"metadata\":{},\"code\":201}");
        assertThat(event.path("requestObject").path("data").path("k").asString())
                .isEqualTo("v");
        assertThat(event.path("responseObject").path("metadata").path("uid").asString())
                .isNotEmpty();
        assertThat(event.path("responseObject").path("metadata").has("managedFields"))
                .isFalse();
        assertThat(event.path("requestReceivedTimestamp").asString())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
        assertThat(event.path("annotations")
                        .path("authorization.k8s.io/decision")
                        .asString())
                .isEqualTo("allow");
    }

    @Test
    void tellsNoMoreThanItsLevel() {
        Answer secret = client.post(
                "/api/v1/namespaces/default/secrets",
                "{\"metadata\":{\"name\":\"s\"},\"stringData\":{\"k\":\"hidden\"}}");
        JsonNode event = events(secret, 1).getFirst();
        assertThat(event.has("requestObject")).isTrue();
        assertThat(event.has("responseObject")).isFalse();
        JsonNode pods = events(client.get("/api/v1/pods"), 1).getFirst();
        assertThat(pods.path("level").asString()).isEqualTo("Metadata");
        assertThat(pods.has("requestObject") || pods.has("responseObject")).isFalse();
    }

    @Test
    void tellsWhyARequestFailed() {
        Answer missing = client.get("/api/v1/namespaces/default/pods/none");
        assertThat(events(missing, 1).getFirst().path("responseStatus").toString())
                .contains("\"status\":\"Failure\"", "\"reason\":\"NotFound\"", "\"code\":404");
        Answer forbidden = client.send("GET", "/api/v1/pods", Map.of("Impersonate-User", "nobody"), null);
        JsonNode event = events(forbidden, 1).getFirst();
        assertThat(event.path("impersonatedUser").path("username").asString()).isEqualTo("nobody");
        assertThat(event.path("user").path("username").asString()).isEqualTo("kubernetes-admin");
        assertThat(event.path("annotations")
                        .path("authorization.k8s.io/decision")
                        .asString())
                .isEqualTo("forbid");
    }

    @Test
    void tellsOfBodiesInProtobufAndOfLists() {
        Answer list = client.send("GET", MAPS, Map.of("Accept", "application/json"), null);
        assertThat(events(list, 1)
                        .getFirst()
                        .path("responseObject")
                        .path("kind")
                        .asString())
                .isEqualTo("ConfigMapList");
        client.post(MAPS, "{\"metadata\":{\"name\":\"p\"},\"data\":{\"k\":\"v\"}}");
        Answer one = client.send("GET", MAPS + "/p", Map.of("Accept", "application/vnd.kubernetes.protobuf"), null);
        assertThat(events(one, 1)
                        .getFirst()
                        .path("responseObject")
                        .path("data")
                        .path("k")
                        .asString())
                .isEqualTo("v");
    }

    @Test
    void tellsWhenAWatchBeginsAndEnds() {
        Answer watch = client.get("/api/v1/pods?watch=1&timeoutSeconds=1");
        assertThat(events(watch, 2))
                .extracting(event -> event.path("stage").asString())
                .containsExactly("ResponseStarted", "ResponseComplete");
    }

    @Test
    void tellsOfStrangersAndNothingOfWhatIsLeftOut() {
        try (RestClient stranger = new RestClient(
                server.url(),
                server.tls(pki -> TlsFiles.trusting(pki.clusterAuthority())),
                HttpClient.Version.HTTP_1_1)) {
            Answer refused = stranger.send("GET", MAPS, Map.of("Authorization", "Bearer wrong"), null);
            assertThat(refused.code()).isEqualTo(401);
            JsonNode event = events(refused, 1).getFirst();
            assertThat(event.path("stage").asString()).isEqualTo("ResponseStarted");
            assertThat(event.path("responseStatus").path("message").asString())
                    .isEqualTo("Authentication failed, attempted: bearer");
        }
        Answer version = client.get("/version");
        events(client.get("/api/v1/pods"), 1);
        assertThat(events(version, 0)).isEmpty();
    }

    @Test
    void refusesPoliciesThatItCannotFollow() throws IOException {
        assertRefused(POLICY.replace("level: None", "level: Some"), "Unsupported value: \"Some\"");
        assertRefused(
                POLICY.replace("omitStages: [RequestReceived]", "omitStages: [Never]"), "Invalid value: \"Never\"");
        assertRefused(POLICY.replace("kind: Policy", "kind: Politics"), "audit.k8s.io/v1");
        assertRefused(POLICY.replace("verbs:", "verb:"), "verb");
    }

    private static void assertRefused(String policy, String why) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.yaml"), policy);
        AuditConfig config = new AuditConfig(
                file, Optional.of(new AuditConfig.LogFile(folder.resolve("bad.log"), 100, 0, 0)), Optional.empty());
        assertThatThrownBy(() -> io.jollyboat.apiserver.audit.AuditLog.open(config, SystemRuntime.instance()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(why);
    }
}
