package io.jollyboat.apiserver.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.RestClient.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How webhooks are reached, and what is said of those that answer nonsense, late or not at all. */
class WebhookCallsTest extends WebhooksFixture {
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
