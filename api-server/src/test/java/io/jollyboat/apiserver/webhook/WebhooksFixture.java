package io.jollyboat.apiserver.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.apiserver.RestClient;
import io.jollyboat.apiserver.RestClient.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A server, and webhooks of which each test says what they answer. */
abstract class WebhooksFixture {
    static final String CONFIGMAPS = "/api/v1/namespaces/default/configmaps";
    static final String REGISTRATION = "/apis/admissionregistration.k8s.io/v1/";
    static final AtomicInteger NUMBER = new AtomicInteger();

    /** By path: what the webhook there answers. */
    static final Map<String, LoopbackServer.Behaviour> BEHAVIOURS = new ConcurrentHashMap<>();

    static EmbeddedApiServer server;
    static RestClient client;
    static LoopbackServer hooks;

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
    static String hook(String name, String more) {
        return """
                {"name":"%s","sideEffects":"None","admissionReviewVersions":["v1"],"timeoutSeconds":2,
                 "clientConfig":{"url":"https://127.0.0.1:%d/%s","caBundle":"%s"},
                 "rules":[{"operations":["*"],"apiGroups":[""],"apiVersions":["v1"],"resources":["configmaps"]}]%s}""".formatted(name, hooks.port(), name, hooks.caBundle(), more);
    }

    static void configure(String kind, String name, String... all) {
        Answer answer = client.post(
                REGISTRATION + kind.toLowerCase(java.util.Locale.ROOT) + "webhookconfigurations",
                "{\"metadata\":{\"name\":\"" + name + "\"},\"webhooks\":[" + String.join(",", all) + "]}");
        assertThat(answer.code()).as(answer.text()).isEqualTo(201);
    }

    static Answer create(String suffix, String more) {
        return client.post(
                CONFIGMAPS + suffix,
                "{\"metadata\":{\"name\":\"c" + NUMBER.incrementAndGet() + "\"" + more + "},\"data\":{\"a\":\"1\"}}");
    }

    /** Answers reviews as the function says; it gets the request and returns the response without its uid. */
    static LoopbackServer.Behaviour answering(Function<JsonNode, String> response) {
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

    static String patch(String operations) {
        return "{\"allowed\":true,\"patchType\":\"JSONPatch\",\"patch\":\""
                + Base64.getEncoder().encodeToString(operations.getBytes(StandardCharsets.UTF_8)) + "\"}";
    }

    static LoopbackServer.Behaviour raw(String text) {
        return (request, out) -> {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return false;
        };
    }

    static LoopbackServer.Behaviour json(int code, String body) {
        return (request, out) -> LoopbackServer.reply(out, code, "application/json", body);
    }

    static JsonNode lastReview() {
        return RestClient.JSON.readTree(hooks.requests().getLast().body());
    }
}
