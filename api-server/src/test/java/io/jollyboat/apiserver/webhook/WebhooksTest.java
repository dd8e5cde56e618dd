package io.jollyboat.apiserver.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.apiserver.RestClient;
import io.jollyboat.apiserver.RestClient.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Webhooks that admission asks, through the public door, with a server that does as each test says. */
class WebhooksTest {
    private static final String CONFIGMAPS = "/api/v1/namespaces/default/configmaps";
    private static final String REGISTRATION = "/apis/admissionregistration.k8s.io/v1/";
    private static final AtomicInteger NUMBER = new AtomicInteger();
    /** By path: what the webhook there answers. */
    private static final Map<String, LoopbackServer.Behaviour> BEHAVIOURS = new ConcurrentHashMap<>();

    private static EmbeddedApiServer server;
    private static RestClient client;
    private static LoopbackServer hooks;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedApiServer.start();
        client = RestClient.admin(server);
        hooks = LoopbackServer.https(
                List.of("127.0.0.1", "hook.default.svc"),
                (request, out) ->
                        BEHAVIOURS.get(request.path().replaceFirst("\\?.*", "")).answer(request, out));
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        server.close();
        hooks.close();
    }

    @AfterEach
    void clean() {
        client.delete(REGISTRATION + "mutatingwebhookconfigurations");
        client.delete(REGISTRATION + "validatingwebhookconfigurations");
        client.delete(CONFIGMAPS);
        hooks.forget();
    }

    /** A webhook for ConfigMaps of which a test changes a bit. */
    private static String hook(String name, String more) {
        return """
                {"name":"%s","sideEffects":"None","admissionReviewVersions":["v1"],"timeoutSeconds":2,
                 "clientConfig":{"url":"https://127.0.0.1:%d/%s","caBundle":"%s"},
                 "rules":[{"operations":["*"],"apiGroups":[""],"apiVersions":["v1"],"resources":["configmaps"]}]%s}""".formatted(name, hooks.port(), name, hooks.caBundle(), more);
    }

    private static void configure(String kind, String name, String... all) {
        Answer answer = client.post(
                REGISTRATION + kind.toLowerCase(java.util.Locale.ROOT) + "webhookconfigurations",
                "{\"metadata\":{\"name\":\"" + name + "\"},\"webhooks\":[" + String.join(",", all) + "]}");
        assertThat(answer.code()).as(answer.text()).isEqualTo(201);
    }

    private static Answer create(String suffix, String more) {
        return client.post(
                CONFIGMAPS + suffix,
                "{\"metadata\":{\"name\":\"c" + NUMBER.incrementAndGet() + "\"" + more + "},\"data\":{\"a\":\"1\"}}");
    }

    /** Answers reviews as the function says; it gets the request and returns the response without its uid. */
    private static LoopbackServer.Behaviour answering(Function<JsonNode, String> response) {
        return (request, out) -> {
            JsonNode review = RestClient.JSON.readTree(request.body());
            ObjectNode answer = (ObjectNode) RestClient.JSON.readTree(response.apply(review.get("request")));
            answer.put("uid", review.at("/request/uid").asString());
            return LoopbackServer.reply(
                    out,
                    200,
                    "application/json",
                    "{\"apiVersion\":" + review.get("apiVersion") + ",\"kind\":\"AdmissionReview\",\"response\":"
                            + answer + "}");
        };
    }

    private static String patch(String operations) {
        return "{\"allowed\":true,\"patchType\":\"JSONPatch\",\"patch\":\""
                + Base64.getEncoder().encodeToString(operations.getBytes(StandardCharsets.UTF_8)) + "\"}";
    }

    private static LoopbackServer.Behaviour raw(String text) {
        return (request, out) -> {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return false;
        };
    }

    private static LoopbackServer.Behaviour json(int code, String body) {
        return (request, out) -> LoopbackServer.reply(out, code, "application/json", body);
    }

    private static JsonNode lastReview() {
        return RestClient.JSON.readTree(hooks.requests().getLast().body());
    }

    @Test
    void theQuestionHoldsWhatUpstreamsHolds() {
        BEHAVIOURS.put("/q.example.com", answering(request -> "{\"allowed\":true}"));
        configure("Validating", "q", hook("q.example.com", ""));
        Answer created = create("?fieldManager=me", ",\"labels\":{\"l\":\"v\"}");
        assertThat(created.code()).as(created.text()).isEqualTo(201);
        LoopbackServer.Request sent = hooks.requests().getLast();
        assertThat(sent.path()).isEqualTo("/q.example.com?timeout=2s");
        assertThat(sent.headers()).containsEntry("content-type", "application/json");
        JsonNode review = lastReview();
        JsonNode request = review.get("request");
        assertThat(review.get("apiVersion").asString()).isEqualTo("admission.k8s.io/v1");
        assertThat(request.get("kind").toString())
                .isEqualTo("{\"group\":\"\",\"version\":\"v1\",\"kind\":\"ConfigMap\"}");
        assertThat(request.get("resource").toString())
                .isEqualTo("{\"group\":\"\",\"version\":\"v1\",\"resource\":\"configmaps\"}");
        assertThat(request.get("requestKind")).isEqualTo(request.get("kind"));
        assertThat(request.get("operation").asString()).isEqualTo("CREATE");
        assertThat(request.get("namespace").asString()).isEqualTo("default");
        assertThat(request.get("dryRun").asBoolean()).isFalse();
        assertThat(request.at("/userInfo/username").asString()).isEqualTo("kubernetes-admin");
        assertThat(request.at("/userInfo/groups").toString()).contains("system:masters", "system:authenticated");
        assertThat(request.at("/object/kind").asString()).isEqualTo("ConfigMap");
        assertThat(request.at("/object/metadata/labels/l").asString()).isEqualTo("v");
        assertThat(request.get("oldObject").isNull()).isTrue();
        assertThat(request.at("/options/kind").asString()).isEqualTo("CreateOptions");
        assertThat(request.at("/options/apiVersion").asString()).isEqualTo("meta.k8s.io/v1");
        String name = created.json().at("/metadata/name").asString();
        client.patch(CONFIGMAPS + "/" + name, "{\"data\":{\"a\":\"2\"}}");
        assertThat(lastReview().at("/request/oldObject/data/a").asString()).isEqualTo("1");
        assertThat(lastReview().at("/request/object/data/a").asString()).isEqualTo("2");
        assertThat(lastReview().at("/request/options/kind").asString()).isEqualTo("UpdateOptions");
        client.delete(CONFIGMAPS + "/" + name);
        assertThat(lastReview().at("/request/operation").asString()).isEqualTo("DELETE");
        assertThat(lastReview().at("/request/object").isNull()).isTrue();
        assertThat(lastReview().at("/request/oldObject/data/a").asString()).isEqualTo("2");
        assertThat(lastReview().at("/request/options/kind").asString()).isEqualTo("DeleteOptions");
    }

    @Test
    void denialsAreToldWithTheWebhooksCodeAndWords() {
        BEHAVIOURS.put(
                "/d.example.com",
                answering(request -> "{\"allowed\":false,\"warnings\":[\"mind this\"],\"status\":{\"code\":403,"
                        + "\"message\":\"not today\",\"reason\":\"Forbidden\"}}"));
        configure("Validating", "d", hook("d.example.com", ""));
        Answer denied = create("", "");
        assertThat(denied.code()).isEqualTo(403);
        assertThat(denied.json().toString())
                .isEqualTo("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
                        + "\"message\":\"admission webhook \\\"d.example.com\\\" denied the request: not today\","
                        + "\"reason\":\"Forbidden\",\"code\":403}");
        assertThat(denied.headers().get("warning")).containsExactly("299 - \"mind this\"");
        BEHAVIOURS.put("/d.example.com", answering(request -> "{\"allowed\":false}"));
        Answer mute = create("", "");
        assertThat(mute.code()).isEqualTo(400);
        assertThat(mute.message())
                .isEqualTo("admission webhook \"d.example.com\" denied the request without explanation");
    }

    @Test
    void patchesChangeTheObjectInTheOrderOfNames() {
        BEHAVIOURS.put(
                "/a.example.com",
                answering(request -> patch("[{\"op\":\"add\",\"path\":\"/data/order\",\"value\":\"a\"}]")));
        BEHAVIOURS.put(
                "/b.example.com",
                answering(request -> patch("[{\"op\":\"replace\",\"path\":\"/data/order\",\"value\":\""
                        + request.at("/object/data/order").asString() + "b\"}]")));
        configure("Mutating", "second", hook("b.example.com", ""));
        configure("Mutating", "first", hook("a.example.com", ""));
        Answer created = create("", "");
        assertThat(created.code()).as(created.text()).isEqualTo(201);
        assertThat(created.json().at("/data").toString()).isEqualTo("{\"a\":\"1\",\"order\":\"ab\"}");
    }

    @Test
    void whoWantsToIsAskedAgainAfterOthersChanges() {
        BEHAVIOURS.put(
                "/r1.example.com",
                answering(request -> patch("[{\"op\":\"add\",\"path\":\"/data/seen\",\"value\":\""
                        + request.at("/object/data/late").asString("no") + "\"}]")));
        BEHAVIOURS.put(
                "/r2.example.com",
                answering(request -> patch("[{\"op\":\"add\",\"path\":\"/data/late\",\"value\":\"yes\"}]")));
        configure(
                "Mutating",
                "r",
                hook("r1.example.com", ",\"reinvocationPolicy\":\"IfNeeded\""),
                hook("r2.example.com", ""));
        Answer created = create("", "");
        assertThat(created.json().at("/data/seen").asString()).isEqualTo("yes");
        assertThat(hooks.requests().stream().filter(one -> one.path().startsWith("/r1")))
                .hasSize(2);
        assertThat(hooks.requests().stream().filter(one -> one.path().startsWith("/r2")))
                .hasSize(1);
    }

    @Test
    void nonsenseIsToldInUpstreamsWords() {
        configure("Mutating", "n", hook("n.example.com", ""));
        Map<String, LoopbackServer.Behaviour> cases = new java.util.LinkedHashMap<>();
        String url = "Post \"https://127.0.0.1:" + hooks.port() + "/n.example.com?timeout=2s\": ";
        String call = "failed to call webhook: ";
        String invalid = "received invalid webhook response: ";
        cases.put(call + url + "EOF", (request, out) -> false);
        cases.put(
                call + url + "net/http: HTTP/1.x transport connection broken: malformed HTTP response \"hello\"",
                raw("hello\r\n\r\n"));
        cases.put(call + url + "unexpected EOF", raw("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"));
        cases.put(call + "0-length response with status code: 200 and content type: application/json", json(200, ""));
        cases.put(
                call + "an error on the server (\"boom \\\"x\\\"\") has prevented the request from succeeding",
                (request, out) -> LoopbackServer.reply(out, 500, "text/plain", "boom \"x\"\n"));
        cases.put(
                call + "an error on the server (\"unknown\") has prevented the request from succeeding",
                json(500, "{}"));
        cases.put(call + "the server could not find the requested resource", json(404, "{}"));
        cases.put(
                call + "told",
                json(500, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"told\"}"));
        cases.put(
                call + "couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of "
                        + "type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string "
                        + "\"json:\\\"kind,omitempty\\\"\" }",
                json(200, "<html>"));
        cases.put(invalid + "webhook response was absent", json(200, "{}"));
        cases.put(
                call + "converting (v1beta1.AdmissionReview) to (v1.AdmissionReview): unknown conversion",
                json(200, "{\"apiVersion\":\"admission.k8s.io/v1beta1\",\"kind\":\"AdmissionReview\"}"));
        cases.put(
                invalid + "webhook returned response.patch but not response.patchType",
                answering(request -> "{\"allowed\":true,\"patch\":\"W10=\"}"));
        cases.put(
                invalid + "webhook returned response.patchType but not response.patch",
                answering(request -> "{\"allowed\":true,\"patchType\":\"JSONPatch\"}"));
        cases.put(
                "unsupported patch type \"Other\"",
                answering(request -> "{\"allowed\":true,\"patchType\":\"Other\",\"patch\":\"W3t9XQ==\"}"));
        cases.put(
                "received undecodable patch in webhook response: invalid character 'x' looking for beginning of value",
                answering(request -> patch("xx")));
        cases.put(
                call + "illegal base64 data at input byte 0",
                answering(request -> "{\"allowed\":true,\"patchType\":\"JSONPatch\",\"patch\":\"***\"}"));
        cases.forEach((expected, behaviour) -> {
            BEHAVIOURS.put("/n.example.com", behaviour);
            Answer answer = create("", "");
            assertThat(answer.message())
                    .isEqualTo("Internal error occurred: failed calling webhook \"n.example.com\": " + expected);
            assertThat(answer.code()).isEqualTo(500);
            assertThat(answer.json().at("/reason").asString()).isEqualTo("InternalError");
        });
        BEHAVIOURS.put(
                "/n.example.com",
                json(
                        200,
                        "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"response\":"
                                + "{\"uid\":\"other\",\"allowed\":true}}"));
        assertThat(create("", "").message()).matches(".*expected response.uid=\"[0-9a-f-]{36}\", got \"other\"");
    }

    @Test
    void patchesThatDoNotFitAreInternalErrors() {
        configure("Mutating", "p", hook("p.example.com", ""));
        Map<String, String> cases = Map.of(
                "[{\"op\":\"add\",\"path\":\"/spec/x\",\"value\":1}]",
                "add operation does not apply: doc is missing path: \"/spec/x\": missing value",
                "[{\"op\":\"remove\",\"path\":\"/data/none\"}]",
                "error in remove for path: '/data/none': Unable to remove nonexistent key: none: missing value",
                "[{\"op\":\"test\",\"path\":\"/data/a\",\"value\":\"2\"}]",
                "testing value /data/a failed: test failed",
                "[{\"op\":\"what\",\"path\":\"/data/a\"}]",
                "Unexpected kind: what");
        cases.forEach((operations, expected) -> {
            BEHAVIOURS.put("/p.example.com", answering(request -> patch(operations)));
            Answer answer = create("", "");
            assertThat(answer.message()).isEqualTo("Internal error occurred: " + expected);
        });
    }

    @Test
    void failuresAreOverlookedWhereThePolicySaysSo() {
        BEHAVIOURS.put("/f.example.com", (request, out) -> false);
        configure("Mutating", "f", hook("f.example.com", ",\"failurePolicy\":\"Ignore\""));
        configure("Validating", "f", hook("f.example.com", ",\"failurePolicy\":\"Ignore\""));
        assertThat(create("", "").code()).isEqualTo(201);
        assertThat(hooks.requests()).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void whoHangsIsGivenUpInTimeAndHindersNobodyElse() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        BEHAVIOURS.put("/h.example.com", (request, out) -> {
            end.await();
            return false;
        });
        configure(
                "Validating",
                "h",
                hook("h.example.com", ",\"objectSelector\":{\"matchLabels\":{\"hang\":\"yes\"}}")
                        .replace("\"timeoutSeconds\":2", "\"timeoutSeconds\":1"));
        Thread[] others = new Thread[20];
        Map<Integer, String> answers = new ConcurrentHashMap<>();
        for (int i = 0; i < others.length; i++) {
            int number = i;
            others[i] = io.jollyboat.runtime.SystemRuntime.instance()
                    .start(
                            "hanging",
                            () -> answers.put(
                                    number,
                                    create("", ",\"labels\":{\"hang\":\"yes\"}").message()));
        }
        assertThat(create("", "").code()).isEqualTo(201);
        for (Thread other : others) {
            other.join();
        }
        assertThat(answers.values())
                .hasSize(others.length)
                .allMatch(text -> text.equals("Internal error occurred: failed calling webhook \"h.example.com\": "
                        + "failed to call webhook: Post \"https://127.0.0.1:" + hooks.port()
                        + "/h.example.com?timeout=1s\": context deadline exceeded"));
        end.countDown();
    }

    @Test
    void validatingOnesAreAskedAtOnce() {
        CountDownLatch both = new CountDownLatch(2);
        LoopbackServer.Behaviour meet = (request, out) -> {
            both.countDown();
            both.await();
            return answering(any -> "{\"allowed\":true}").answer(request, out);
        };
        BEHAVIOURS.put("/v1.example.com", meet);
        BEHAVIOURS.put("/v2.example.com", meet);
        configure(
                "Validating",
                "v",
                hook("v1.example.com", "").replace("\"timeoutSeconds\":2", "\"timeoutSeconds\":30"),
                hook("v2.example.com", "").replace("\"timeoutSeconds\":2", "\"timeoutSeconds\":30"));
        assertThat(create("", "").code()).isEqualTo(201);
    }

    @Test
    void certificatesAreCheckedAsUpstreamDoes() throws IOException {
        try (LoopbackServer other = LoopbackServer.https(List.of("elsewhere.example.com"), raw(""));
                LoopbackServer old = LoopbackServer.https(
                        List.of("127.0.0.1"),
                        io.jollyboat.runtime.SystemRuntime.instance().now().minus(Duration.ofHours(3)),
                        Duration.ofHours(1),
                        raw(""))) {
            String tls = "tls: failed to verify certificate: x509: ";
            assertThat(failure(other.port(), hooks.caBundle()))
                    .endsWith(tls + "cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs");
            assertThat(failure(hooks.port(), other.caBundle()))
                    .endsWith(tls + "certificate signed by unknown authority");
            assertThat(failure(hooks.port(), "")).endsWith(tls + "certificate signed by unknown authority");
            assertThat(failure(old.port(), old.caBundle()))
                    .contains(tls + "certificate has expired or is not yet valid: current time ");
            int nobody = unusedPort();
            assertThat(failure(nobody, hooks.caBundle()))
                    .endsWith("dial tcp 127.0.0.1:" + nobody + ": connect: connection refused");
        }
    }

    private static int unusedPort() throws IOException {
        try (LoopbackServer gone = LoopbackServer.http((request, out) -> false)) {
            return gone.port();
        }
    }

    private static String failure(int port, String bundle) {
        String hook = hook("c.example.com", "")
                .replace("127.0.0.1:" + hooks.port(), "127.0.0.1:" + port)
                .replace(hooks.caBundle(), bundle);
        configure("Validating", "c", hook);
        String message = create("", "").message();
        client.delete(REGISTRATION + "validatingwebhookconfigurations/c");
        return message;
    }

    @Test
    void servicesAreFoundByTheirNameAndTheCertificateIsForIt() {
        BEHAVIOURS.put("/path", answering(request -> "{\"allowed\":false}"));
        String hook = hook("s.example.com", "")
                .replace(
                        "\"url\":\"https://127.0.0.1:" + hooks.port() + "/s.example.com\"",
                        "\"service\":{\"namespace\":\"default\",\"name\":\"hook\",\"path\":\"/path\",\"port\":"
                                + hooks.port() + "}");
        configure("Validating", "s", hook);
        assertThat(create("", "").message())
                .isEqualTo("Internal error occurred: failed calling webhook \"s.example.com\": failed to call webhook: "
                        + "Post \"https://hook.default.svc:" + hooks.port()
                        + "/path?timeout=2s\": service \"hook\" not found");
        client.post(
                "/api/v1/namespaces/default/services",
                "{\"metadata\":{\"name\":\"hook\"},\"spec\":{\"type\":\"ExternalName\","
                        + "\"externalName\":\"localhost\"}}");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(create("", "").message())
                        .isEqualTo("admission webhook \"s.example.com\" denied the request without explanation"));
        assertThat(hooks.requests().getLast().headers()).containsEntry("host", "hook.default.svc:" + hooks.port());
        client.delete("/api/v1/namespaces/default/services/hook");
    }

    @Test
    void dryRunsReachOnlyWebhooksWithoutSideEffects() {
        BEHAVIOURS.put("/y.example.com", answering(request -> "{\"allowed\":true}"));
        configure("Validating", "y", hook("y.example.com", ""));
        assertThat(create("?dryRun=All", "").code()).isEqualTo(201);
        assertThat(lastReview().at("/request/dryRun").asBoolean()).isTrue();
        assertThat(lastReview().at("/request/options/dryRun").toString()).isEqualTo("[\"All\"]");
    }

    @Test
    void selectorsChooseByLabelsOfObjectAndNamespace() {
        BEHAVIOURS.put("/l.example.com", answering(request -> "{\"allowed\":false}"));
        configure(
                "Validating",
                "l",
                hook("l.example.com", ",\"namespaceSelector\":{\"matchLabels\":{\"strict\":\"yes\"}}"));
        assertThat(create("", "").code()).isEqualTo(201);
        client.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"strict\",\"labels\":{\"strict\":\"yes\"}}}");
        Answer denied = client.post("/api/v1/namespaces/strict/configmaps", "{\"metadata\":{\"name\":\"x\"}}");
        assertThat(denied.code()).as(denied.text()).isEqualTo(400);
    }

    @Test
    void otherVersionsOfTheResourceAreMeantToo() {
        BEHAVIOURS.put("/e.example.com", answering(request -> "{\"allowed\":true}"));
        String hook = hook("e.example.com", "")
                .replace("\"apiGroups\":[\"\"]", "\"apiGroups\":[\"autoscaling\"]")
                .replace("\"apiVersions\":[\"v1\"]", "\"apiVersions\":[\"v2\"]")
                .replace("\"configmaps\"", "\"horizontalpodautoscalers\"");
        configure("Validating", "e", hook);
        Answer created = client.post(
                "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers",
                "{\"metadata\":{\"name\":\"h\"},\"spec\":{\"maxReplicas\":3,\"scaleTargetRef\":{\"kind\":\"Deployment\","
                        + "\"name\":\"d\",\"apiVersion\":\"apps/v1\"},\"targetCPUUtilizationPercentage\":50}}");
        assertThat(created.code()).as(created.text()).isEqualTo(201);
        JsonNode request = lastReview().get("request");
        assertThat(request.at("/kind/version").asString()).isEqualTo("v2");
        assertThat(request.at("/requestKind/version").asString()).isEqualTo("v1");
        assertThat(request.at("/object/apiVersion").asString()).isEqualTo("autoscaling/v2");
        assertThat(request.at("/object/spec/metrics/0/resource/target/averageUtilization")
                        .asInt())
                .isEqualTo(50);
        client.delete("/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers/h");
    }

    @Test
    void configurationsThemselvesAreNeverAsked() {
        BEHAVIOURS.put("/x.example.com", answering(request -> "{\"allowed\":false}"));
        configure(
                "Validating",
                "x",
                hook("x.example.com", "")
                        .replace("\"apiGroups\":[\"\"]", "\"apiGroups\":[\"*\"]")
                        .replace("\"apiVersions\":[\"v1\"]", "\"apiVersions\":[\"*\"]")
                        .replace("\"configmaps\"", "\"*/*\""));
        assertThat(create("", "").code()).isEqualTo(400);
        assertThat(client.delete(REGISTRATION + "validatingwebhookconfigurations/x")
                        .code())
                .isEqualTo(200);
        assertThat(create("", "").code()).isEqualTo(201);
    }

    @Test
    void connectionsToPodsAreAskedAbout() {
        BEHAVIOURS.put("/co.example.com", answering(request -> "{\"allowed\":false}"));
        configure(
                "Validating",
                "co",
                hook("co.example.com", "")
                        .replace("[\"*\"]", "[\"CONNECT\"]")
                        .replace("\"configmaps\"", "\"pods/exec\""));
        Answer denied = client.get("/api/v1/namespaces/default/pods/p/exec?command=ls&command=-l&stdout=true");
        assertThat(denied.message())
                .isEqualTo("admission webhook \"co.example.com\" denied the request without explanation");
        JsonNode request = lastReview().get("request");
        assertThat(request.at("/operation").asString()).isEqualTo("CONNECT");
        assertThat(request.at("/subResource").asString()).isEqualTo("exec");
        assertThat(request.at("/kind/kind").asString()).isEqualTo("PodExecOptions");
        assertThat(request.at("/object/command").toString()).isEqualTo("[\"ls\",\"-l\"]");
        assertThat(request.at("/options").isNull()).isTrue();
    }

    @Test
    void connectionsAreKeptAndRenewed() {
        AtomicInteger connections = new AtomicInteger();
        BEHAVIOURS.put("/k.example.com", (request, out) -> {
            boolean ok = answering(any -> "{\"allowed\":true}").answer(request, out);
            // Closes without a word after every second answer.
            return ok && connections.incrementAndGet() % 2 == 1;
        });
        configure("Validating", "k", hook("k.example.com", ""));
        for (int i = 0; i < 6; i++) {
            assertThat(create("", "").code()).isEqualTo(201);
        }
        assertThat(connections).hasValue(6);
    }
}
