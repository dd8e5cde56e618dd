package io.jollyboat.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.apiserver.audit.AuditConfig;
import io.jollyboat.apiserver.storage.MemoryStore;
import io.jollyboat.apiserver.webhook.LoopbackServer;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.Selection;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.TlsFiles;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
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
        assertThat(event.at("/authenticationMetadata/impersonationConstraint").asString())
                .isEqualTo("impersonate:user-info");
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
        Answer all = client.send("GET", MAPS, Map.of("Accept", "application/vnd.kubernetes.protobuf"), null);
        assertThat(events(all, 1)
                        .getFirst()
                        .path("responseObject")
                        .path("items")
                        .findValuesAsString("name"))
                .contains("p");
        Answer one = client.send("GET", MAPS + "/p", Map.of("Accept", "application/vnd.kubernetes.protobuf"), null);
        assertThat(events(one, 1)
                        .getFirst()
                        .path("responseObject")
                        .path("data")
                        .path("k")
                        .asString())
                .isEqualTo("v");
    }

    /** The events that are like that, once there are so many. */
    private static List<JsonNode> events(String verb, String name, int count) {
        return await().atMost(LIMIT)
                .until(
                        () -> Files.readAllLines(folder.resolve("audit.log")).stream()
                                .map(RestClient.JSON::readTree)
                                .filter(event -> event.path("verb").asString().equals(verb)
                                        && event.path("objectRef")
                                                .path("name")
                                                .asString("")
                                                .equals(name))
                                .toList(),
                        events -> events.size() == count);
    }

    @Test
    void tellsOfComponentsAtTheirDoor() {
        ResourceType<ConfigMap> maps = Kinds.of(ConfigMap.class);
        ApiClient api = server.adminClient();
        ConfigMap.Builder map = ConfigMap.newBuilder().putData("k", "v");
        map.getMetadataBuilder().setNamespace("default").setName("by-grpc");
        api.create(maps, map.build());
        JsonNode event = events("create", "by-grpc", 1).getFirst();
        assertThat(event.path("stage").asString()).isEqualTo("ResponseComplete");
        assertThat(event.path("requestURI").asString()).isEqualTo(MAPS);
        assertThat(event.path("user").path("username").asString()).isEqualTo("kubernetes-admin");
        assertThat(event.path("sourceIPs")).hasToString("[\"127.0.0.1\"]");
        assertThat(event.path("userAgent").asString()).isNotEmpty();
        assertThat(event.path("objectRef"))
                .hasToString(
                        "{\"resource\":\"configmaps\",\"namespace\":\"default\",\"name\":\"by-grpc\",\"apiVersion\":\"v1\"}");
        assertThat(event.path("responseStatus")).hasToString("{\"metadata\":{},\"code\":201}");
        assertThat(event.at("/requestObject/data/k").asString()).isEqualTo("v");
        assertThat(event.at("/responseObject/metadata/uid").asString()).isNotEmpty();
        assertThat(event.path("annotations")
                        .path("authorization.k8s.io/decision")
                        .asString())
                .isEqualTo("allow");
        ObjectKey key = ObjectKey.of("default", "by-grpc");
        api.patch(maps, key, "", ApiClient.PatchKind.MERGE, "{\"data\":{\"k\":\"w\"}}");
        JsonNode patched = events("patch", "by-grpc", 1).getFirst();
        assertThat(patched.path("requestURI").asString()).isEqualTo(MAPS + "/by-grpc");
        assertThat(patched.path("requestObject")).hasToString("{\"data\":{\"k\":\"w\"}}");
        assertThat(patched.at("/responseObject/data/k").asString()).isEqualTo("w");
        assertThatThrownBy(() -> api.get(maps, ObjectKey.of("default", "grpc-none")))
                .isInstanceOf(ApiException.class);
        assertThat(events("get", "grpc-none", 1)
                        .getFirst()
                        .path("responseStatus")
                        .toString())
                .contains("\"reason\":\"NotFound\"", "\"code\":404");
        Selection one = Selection.fields("metadata.name=by-grpc");
        api.list(maps, "default", one);
        assertThat(events("list", "by-grpc", 1)
                        .getFirst()
                        .path("responseObject")
                        .toString())
                .startsWith("{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",")
                .contains("\"items\":[{\"metadata\":{\"name\":\"by-grpc\"");
        ApiClient.Watch watch = api.watch(maps, "default", one, "", new Unheard());
        assertThat(events("watch", "by-grpc", 1).getFirst().path("stage").asString())
                .isEqualTo("ResponseStarted");
        watch.close();
        assertThat(events("watch", "by-grpc", 2).getLast().path("stage").asString())
                .isEqualTo("ResponseComplete");
    }

    @Test
    void tellsWhatWebhooksDid() throws IOException {
        String patch = Base64.getEncoder()
                .encodeToString("[{\"path\":\"/data/p\",\"op\":\"add\",\"value\":\"q\"}]".getBytes(UTF_8));
        try (LoopbackServer hooks = LoopbackServer.https(List.of("127.0.0.1"), (request, out) -> {
            if (request.path().startsWith("/fails")) {
                return LoopbackServer.reply(out, 500, "text/plain", "no");
            }
            String uid =
                    RestClient.JSON.readTree(request.body()).at("/request/uid").asString();
            return LoopbackServer.reply(out, 200, "application/json", """
                    {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"%s","allowed":true,
                     "patchType":"JSONPatch","patch":"%s"}}""".formatted(uid, patch));
        })) {
            String hook = """
                    {"name":"%1$s.example.com","sideEffects":"None","admissionReviewVersions":["v1"],"failurePolicy":"Ignore",
                     "clientConfig":{"url":"https://127.0.0.1:%2$d/%1$s","caBundle":"%3$s"},
                     "objectSelector":{"matchLabels":{"hooked":"y"}},
                     "rules":[{"operations":["*"],"apiGroups":[""],"apiVersions":["v1"],"resources":["configmaps"]}]}""";
            String path = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";
            client.post(
                    path,
                    "{\"metadata\":{\"name\":\"conf\"},\"webhooks\":["
                            + hook.formatted("patches", hooks.port(), hooks.caBundle()) + ","
                            + hook.formatted("fails", hooks.port(), hooks.caBundle()) + "]}");
            Answer created = client.post(
                    MAPS, "{\"metadata\":{\"name\":\"hooked\",\"labels\":{\"hooked\":\"y\"}},\"data\":{\"k\":\"v\"}}");
            client.delete(path + "/conf");
            assertThat(created.code()).as(created.text()).isEqualTo(201);
            JsonNode event = events(created, 1).getFirst();
            JsonNode notes = event.path("annotations");
            assertThat(notes.path("patch.webhook.admission.k8s.io/round_0_index_0")
                            .asString())
                    .isEqualTo(
                            "{\"configuration\":\"conf\",\"webhook\":\"patches.example.com\","
                                    + "\"patch\":[{\"op\":\"add\",\"path\":\"/data/p\",\"value\":\"q\"}],\"patchType\":\"JSONPatch\"}");
            assertThat(notes.path("mutation.webhook.admission.k8s.io/round_0_index_0")
                            .asString())
                    .isEqualTo("{\"configuration\":\"conf\",\"webhook\":\"patches.example.com\",\"mutated\":true}");
            assertThat(notes.path("failed-open.mutation.webhook.admission.k8s.io/round_0_index_1")
                            .asString())
                    .isEqualTo("fails.example.com");
            // What was sent, not what admission made of it.
            assertThat(event.at("/requestObject/data")).hasToString("{\"k\":\"v\"}");
            assertThat(event.at("/responseObject/data").toString()).contains("\"p\":\"q\"");
        }
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
        assertThatThrownBy(() -> io.jollyboat.apiserver.audit.AuditLog.open(
                        config, new io.jollyboat.metrics.Metrics(), SystemRuntime.instance()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(why);
    }

    /** Looks away. */
    private static final class Unheard implements ApiClient.WatchListener<ConfigMap> {
        @Override
        public void onAdded(ConfigMap object) {}

        @Override
        public void onModified(ConfigMap object) {}

        @Override
        public void onDeleted(ConfigMap last) {}

        @Override
        public void onBookmark(String resourceVersion) {}

        @Override
        public void onEnd(ApiException error) {}
    }
}
