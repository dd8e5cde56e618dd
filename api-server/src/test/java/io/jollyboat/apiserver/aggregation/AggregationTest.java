package io.jollyboat.apiserver.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.apiserver.RestClient;
import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.apiserver.webhook.LoopbackServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Another API server behind this one, as clients of this one see it. */
class AggregationTest {
    private static final String API_SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices";
    private static final String NAME = "v1.ext.example.com";
    private static final String THINGS = "/apis/ext.example.com/v1/namespaces/default/things";
    private static final String V2 = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    private static final Duration SOON = Duration.ofSeconds(60);

    private static EmbeddedApiServer server;
    private static RestClient client;
    private static ExtensionServer extension;

    @BeforeAll
    static void start() throws IOException {
        extension = new ExtensionServer("ext.default.svc");
        server = EmbeddedApiServer.start();
        client = RestClient.admin(server);
        client.post(
                "/api/v1/namespaces/default/services",
                "{\"metadata\":{\"name\":\"ext\"},\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"localhost\"}}");
        register(NAME, "ext.example.com", "ext", extension.port(), "\"caBundle\":\"" + extension.caBundle() + "\"");
        awaitReason(NAME, "Passed");
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        extension.close();
        server.close();
    }

    private static void register(String name, String group, String service, int port, String trust) {
        Answer made = client.post(
                API_SERVICES,
                "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{\"group\":\"" + group
                        + "\",\"version\":\"v1\",\"groupPriorityMinimum\":1500,\"versionPriority\":10," + trust
                        + ",\"service\":{\"namespace\":\"default\",\"name\":\"" + service + "\",\"port\":" + port
                        + "}}}");
        assertThat(made.code()).as(made.text()).isEqualTo(201);
    }

    private static JsonNode available(String name) {
        return client.get(API_SERVICES + "/" + name).json().at("/status/conditions/0");
    }

    private static JsonNode awaitReason(String name, String reason) {
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(available(name).path("reason").asString("")).isEqualTo(reason));
        return available(name);
    }

    private static JsonNode group(String name) {
        JsonNode list = client.send("GET", "/apis", Map.of("Accept", V2), null).json();
        for (JsonNode item : list.path("items")) {
            if (item.at("/metadata/name").asString().equals(name)) {
                return item;
            }
        }
        return RestClient.JSON.missingNode();
    }

    @Test
    void objectsOfTheOtherServerAreThere() {
        assertThat(client.post(THINGS, "{\"metadata\":{\"name\":\"a\"}}").code())
                .isEqualTo(201);
        assertThat(client.get(THINGS + "/a").json().path("asker").asString()).isEqualTo("kubernetes-admin");
        assertThat(client.get(THINGS).json().at("/items/0/metadata/name").asString())
                .isEqualTo("a");
        assertThat(client.delete(THINGS + "/a").code()).isEqualTo(200);
        assertThat(client.get(THINGS + "/a").code()).isEqualTo(404);
        assertThat(client.get(THINGS + "/fail").code()).isEqualTo(500);
    }

    @Test
    void itIsToldWhoAsksAndNothingThatTheClientMadeUp() {
        extension.forget();
        client.send(
                "GET",
                THINGS + "/who",
                Map.of(
                        "X-Remote-User", "forged",
                        "X-Remote-Group", "system:masters",
                        "X-Remote-Extra-Forged", "yes",
                        "Impersonate-User", "jane",
                        "Impersonate-Group", "system:masters",
                        "Impersonate-Extra-example.com%2Fscope", "s"),
                null);
        Map<String, String> headers = extension.requests().stream()
                .filter(request -> request.path().endsWith("/who"))
                .findFirst()
                .orElseThrow()
                .headers();
        assertThat(headers)
                .containsEntry("x-remote-user", "jane")
                .containsEntry("x-remote-group", "system:masters|system:authenticated")
                .containsEntry("x-remote-extra-example.com%2fscope", "s")
                .containsEntry("x-forwarded-uri", THINGS + "/who")
                .containsKey("audit-id")
                .doesNotContainKeys("x-remote-extra-forged", "impersonate-user", "authorization");
    }

    @Test
    void rightsAreAskedForBeforeAnythingIsHandedOn() {
        extension.forget();
        Answer refused = client.send("GET", THINGS + "/secret", Map.of("Impersonate-User", "nobody"), null);
        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.message())
                .contains("things.ext.example.com \"secret\" is forbidden: User \"nobody\" cannot get");
        assertThat(extension.requests()).noneMatch(request -> request.path().endsWith("/secret"));
    }

    @Test
    void redirectsAreNotFollowedNorHandedBack() {
        Answer moved = client.get(THINGS + "/moved");
        assertThat(moved.code()).isEqualTo(502);
        assertThat(moved.text()).isEqualTo("the backend attempted to redirect this request, which is not permitted");
        assertThat(moved.headers()).doesNotContainKey("location");
    }

    @Test
    void aWatchComesThroughAsItHappens() throws IOException {
        try (SSLSocket socket = socket("GET " + THINGS + "?watch=true HTTP/1.1\r\nHost: x\r\n\r\n");
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).startsWith("HTTP/1.1 200");
            // The other server holds the answer open: what it wrote must come all the same.
            assertThat(lines.lines().anyMatch(line -> line.startsWith("{\"type\":\"ADDED\"")))
                    .isTrue();
        }
    }

    @Test
    void otherProtocolsPassThrough() throws IOException {
        try (SSLSocket socket =
                socket("POST " + THINGS + "/x/exec HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n"
                        + "Content-Length: 0\r\n\r\n")) {
            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            assertThat(head).startsWith("HTTP/1.1 101 ");
            socket.getOutputStream().write("ping".getBytes(StandardCharsets.US_ASCII));
            assertThat(in.readNBytes(4)).isEqualTo("ping".getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void aBodyMayBeLargerThanAnObject() {
        byte[] large = new byte[8 * 1024 * 1024];
        java.util.Arrays.fill(large, (byte) 'x');
        Answer answer =
                client.send("POST", THINGS + "/size", Map.of("Content-Type", "application/octet-stream"), large);
        assertThat(answer.code()).as(answer.text()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo(Integer.toString(large.length));
    }

    @Test
    void bodiesFlowBothWaysAtOnce() throws IOException, InterruptedException {
        String head = "POST " + THINGS + "/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
        try (SSLSocket socket = socket(head)) {
            InputStream in = socket.getInputStream();
            StringBuilder answer = new StringBuilder();
            for (String word : List.of("one", "two", "three")) {
                // The answer to a piece comes while the request goes on.
                String chunk = Integer.toHexString(word.length()) + "\r\n" + word + "\r\n";
                socket.getOutputStream().write(chunk.getBytes(StandardCharsets.US_ASCII));
                while (answer.indexOf(word) < 0) {
                    int b = in.read();
                    assertThat(b).as(answer.toString()).isNotNegative();
                    answer.append((char) b);
                }
            }
            assertThat(answer).startsWith("HTTP/1.1 200 ");
        }
        // The client has gone in the middle: the other server hears of it, and not of an end.
        assertThat(extension.brokenOff.await(SOON.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    private static SSLSocket socket(String request) throws IOException {
        SSLSocket socket = (SSLSocket)
                server.tls(io.jollyboat.tls.Pki::admin).getSocketFactory().createSocket("127.0.0.1", server.port());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    @Test
    void aRequestThatTakesTooLongIsGivenUp() {
        Answer late = client.get(THINGS + "/hang?timeout=1s");
        assertThat(late.code()).isEqualTo(504);
        assertThat(late.message()).isEqualTo("Timeout: request did not complete within the allotted timeout");
    }

    @Test
    void discoveryKnowsItInItsPlace() {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(group("ext.example.com").toString())
                        .isEqualTo("{\"metadata\":{\"name\":\"ext.example.com\"},\"versions\":[{\"version\":\"v1\","
                                + "\"resources\":[{\"resource\":\"things\",\"responseKind\":{\"group\":\"ext.example.com\","
                                + "\"version\":\"v1\",\"kind\":\"Thing\"},\"scope\":\"Namespaced\",\"singularResource\":"
                                + "\"thing\",\"verbs\":[\"create\",\"delete\",\"get\",\"list\",\"watch\"],\"subresources\":["
                                + "{\"subresource\":\"exec\",\"responseKind\":{\"group\":\"\",\"version\":\"\",\"kind\":\"\"},"
                                + "\"verbs\":[\"create\"]}]}],"
                                + "\"freshness\":\"Current\"}]}"));
        assertThat(client.get("/apis/ext.example.com").json().toString())
                .isEqualTo("{\"kind\":\"APIGroup\",\"apiVersion\":\"v1\",\"name\":\"ext.example.com\",\"versions\":["
                        + "{\"groupVersion\":\"ext.example.com/v1\",\"version\":\"v1\"}],\"preferredVersion\":"
                        + "{\"groupVersion\":\"ext.example.com/v1\",\"version\":\"v1\"}}");
        List<String> groups = listed();
        assertThat(groups.indexOf("ext.example.com")).isGreaterThan(groups.indexOf("flowcontrol.apiserver.k8s.io"));
        assertThat(client.get("/").json().path("paths").toString()).contains("\"/apis/ext.example.com/v1\"");
    }

    @Test
    void aBuiltInVersionWhoseApiServiceIsDeletedIsServedButNotListedAsUpstream() {
        String name = API_SERVICES + "/v1.scheduling.k8s.io";
        String before = client.get(name).text();
        assertThat(client.delete(name).code()).isEqualTo(200);
        await().atMost(SOON).untilAsserted(() -> assertThat(listed()).doesNotContain("scheduling.k8s.io"));
        assertThat(listed()).contains("apps", "apiregistration.k8s.io", "ext.example.com");
        assertThat(client.get("/apis/scheduling.k8s.io/v1/priorityclasses").code())
                .isEqualTo(200);
        assertThat(group("scheduling.k8s.io").isMissingNode()).isFalse();
        // It comes with the next start, or when somebody makes it.
        assertThat(client.get(name).code()).isEqualTo(404);
        ObjectNode again = (ObjectNode) RestClient.JSON.readTree(before);
        ((ObjectNode) again.path("metadata")).remove(List.of("uid", "resourceVersion", "creationTimestamp"));
        assertThat(client.post(API_SERVICES, again.toString()).code()).isEqualTo(201);
        await().atMost(SOON).untilAsserted(() -> assertThat(listed()).contains("scheduling.k8s.io"));
    }

    private static List<String> listed() {
        return client.get("/apis")
                .json()
                .path("groups")
                .valueStream()
                .map(group -> group.path("name").asString())
                .toList();
    }

    @Test
    void itsOpenApiIsPartOfThisServers() {
        JsonNode index = client.get("/openapi/v3").json().path("paths");
        String url =
                index.path("apis/ext.example.com/v1").path("serverRelativeURL").asString();
        assertThat(url).isEqualTo("/openapi/v3/apis/ext.example.com/v1?hash=AB");
        assertThat(index.has("apis/apps/v1")).isTrue();
        // What the other server has no APIService for is not its to tell.
        assertThat(index.has("apis/other.example.com/v1")).isFalse();
        assertThat(client.get(url).json().path("asked").asString()).isEqualTo(url);
        JsonNode document = client.get("/openapi/v2").json();
        assertThat(document.path("paths").has("/apis/ext.example.com/v1/things"))
                .isTrue();
        assertThat(document.path("paths").has("/apis/other.example.com/v1/x")).isFalse();
        assertThat(document.path("definitions").has("com.example.Unused")).isFalse();
        assertThat(document.at("/definitions/com.example.Thing/properties/metadata/$ref")
                        .asString())
                .isEqualTo("#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta_v2");
        assertThat(document.path("definitions").has("io.k8s.api.apps.v1.Deployment"))
                .isTrue();
    }

    @Test
    void itMayNotBeWhomItsCertificateDoesNotName() {
        client.post(
                "/api/v1/namespaces/default/services",
                "{\"metadata\":{\"name\":\"other\"},\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"localhost\"}}");
        String name = "v1.wrong.example.com";
        register(name, "wrong.example.com", "other", extension.port(), "\"caBundle\":\"" + extension.caBundle() + "\"");
        assertThat(awaitReason(name, "FailedDiscoveryCheck").path("message").asString())
                .isEqualTo("failing or missing response from https://localhost:" + extension.port()
                        + "/apis/wrong.example.com/v1: Get \"https://localhost:" + extension.port()
                        + "/apis/wrong.example.com/v1\": tls: failed to verify certificate: x509: certificate is "
                        + "valid for ext.default.svc, not other.default.svc");
        Answer refused = client.get("/apis/wrong.example.com/v1");
        assertThat(refused.code()).isEqualTo(503);
        assertThat(refused.text()).isEqualTo("service unavailable\n");
        assertThat(refused.headers().get("content-type")).containsExactly("text/plain; charset=utf-8");
        assertThat(group("wrong.example.com").at("/versions/0").toString())
                .isEqualTo("{\"version\":\"v1\",\"freshness\":\"Stale\"}");
        assertThat(client.delete(API_SERVICES + "/" + name).code()).isEqualTo(200);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                client.get("/apis/wrong.example.com/v1").code())
                        .isEqualTo(404));
        assertThat(group("wrong.example.com").isMissingNode()).isTrue();
    }

    @Test
    void aServerThatGoesAndComesBackIsUnavailableMeanwhile() throws IOException {
        client.post(
                "/api/v1/namespaces/default/services",
                "{\"metadata\":{\"name\":\"shaky\"},\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"localhost\"}}");
        try (LoopbackServer shaky = LoopbackServer.https(
                List.of("shaky.default.svc"),
                (request, out) -> LoopbackServer.reply(out, answered, "application/json", "{}"))) {
            answered = 500;
            register("v1.shaky.io", "shaky.io", "shaky", shaky.port(), "\"insecureSkipTLSVerify\":true");
            assertThat(awaitReason("v1.shaky.io", "FailedDiscoveryCheck")
                            .path("message")
                            .asString())
                    .endsWith("bad status from https://localhost:" + shaky.port() + "/apis/shaky.io/v1: 500");
            answered = 200;
            awaitReason("v1.shaky.io", "Passed");
            await().atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(client.get("/apis/shaky.io/v1/x").code()).isEqualTo(200));
        } finally {
            client.delete(API_SERVICES + "/v1.shaky.io");
        }
    }

    private static volatile int answered = 500;

    @Test
    void whatTheServiceLacksIsToldInUpstreamsWords() {
        String name = "v1.lacking.io";
        register(name, "lacking.io", "lacking", 443, "\"insecureSkipTLSVerify\":true");
        assertThat(awaitReason(name, "ServiceNotFound").path("message").asString())
                .isEqualTo("service/lacking in \"default\" is not present");
        client.post(
                "/api/v1/namespaces/default/services",
                "{\"metadata\":{\"name\":\"lacking\"},\"spec\":{\"ports\":[{\"name\":\"web\",\"port\":443}]}}");
        assertThat(awaitReason(name, "EndpointsNotFound").path("message").asString())
                .isEqualTo("cannot find endpointslices for service/lacking in \"default\"");
        client.post(
                "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
                "{\"metadata\":{\"name\":\"lacking-1\",\"labels\":{\"kubernetes.io/service-name\":\"lacking\"}},"
                        + "\"addressType\":\"IPv4\",\"ports\":[{\"name\":\"other\",\"port\":443}],"
                        + "\"endpoints\":[{\"addresses\":[\"192.0.2.1\"]}]}");
        assertThat(awaitReason(name, "MissingEndpoints").path("message").asString())
                .isEqualTo(
                        "endpointslices for service/lacking in \"default\" have no addresses with port name \"web\"");
        client.patch(API_SERVICES + "/" + name, "{\"spec\":{\"service\":{\"port\":444}}}");
        assertThat(awaitReason(name, "ServicePortError").path("message").asString())
                .isEqualTo("service/lacking in \"default\" is not listening on port 444");
        client.patch(API_SERVICES + "/" + name, "{\"spec\":{\"service\":null,\"insecureSkipTLSVerify\":false}}");
        assertThat(awaitReason(name, "Local").path("status").asString()).isEqualTo("True");
        client.delete(API_SERVICES + "/" + name);
    }

    @Test
    void aCallerWithTheProxysCertificateIsWhoItSays() {
        try (RestClient proxy = new RestClient(
                server.url(),
                server.tls(io.jollyboat.tls.Pki::frontProxyClient),
                java.net.http.HttpClient.Version.HTTP_1_1)) {
            Answer self = proxy.send(
                    "POST",
                    "/apis/authentication.k8s.io/v1/selfsubjectreviews",
                    Map.of(
                            "Content-Type", "application/json",
                            "X-Remote-User", "jane",
                            "X-Remote-Group", "devs"),
                    "{}".getBytes(StandardCharsets.UTF_8));
            assertThat(self.json().at("/status/userInfo").toString())
                    .isEqualTo("{\"username\":\"jane\",\"groups\":[\"devs\",\"system:authenticated\"]}");
            assertThat(proxy.get("/api/v1/namespaces").code()).isEqualTo(401);
        }
        JsonNode config = client.get("/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication")
                .json()
                .path("data");
        assertThat(config.propertyNames())
                .containsExactlyInAnyOrder(
                        "client-ca-file",
                        "requestheader-allowed-names",
                        "requestheader-client-ca-file",
                        "requestheader-extra-headers-prefix",
                        "requestheader-group-headers",
                        "requestheader-uid-headers",
                        "requestheader-username-headers");
        assertThat(config.path("requestheader-allowed-names").asString()).isEqualTo("[\"front-proxy-client\"]");
        assertThat(config.path("requestheader-client-ca-file").asString()).startsWith("-----BEGIN CERTIFICATE-----");
    }
}
