package io.jollyboat.apiserver.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.RestClient.Answer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** When webhooks are asked, what they are shown, and what becomes of their answers. */
class WebhooksTest extends WebhooksFixture {
    /** Under upstream's names; each webhook's own name keeps the tests apart. */
    @Test
    void callsRefusalsAndFailuresAreCounted() {
        BEHAVIOURS.put("/count.example.com", answering(request -> "{\"allowed\":true}"));
        BEHAVIOURS.put("/refuse.example.com", answering(request -> "{\"allowed\":false,\"status\":{\"code\":418}}"));
        BEHAVIOURS.put("/ignored.example.com", json(500, "{}"));
        BEHAVIOURS.put("/broken.example.com", json(503, "{}"));
        configure("Mutating", "count", hook("count.example.com", ""));
        configure(
                "Validating",
                "refuse",
                hook("refuse.example.com", ""),
                hook("ignored.example.com", ",\"failurePolicy\":\"Ignore\""),
                hook("broken.example.com", ""));
        assertThat(create("", "").code()).isEqualTo(418);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(client.get("/metrics").text())
                        .contains(
                                "apiserver_admission_webhook_request_total{code=\"200\",name=\"count.example.com\","
                                        + "operation=\"CREATE\",rejected=\"false\",type=\"admit\"} 1.0\n",
                                "apiserver_admission_webhook_rejection_count{error_type=\"no_error\","
                                        + "name=\"refuse.example.com\",operation=\"CREATE\",rejection_code=\"418\","
                                        + "type=\"validating\"} 1.0\n",
                                "apiserver_admission_webhook_fail_open_count{name=\"ignored.example.com\","
                                        + "type=\"validating\"} 1.0\n",
                                "apiserver_admission_webhook_request_total{code=\"500\",name=\"ignored.example.com\","
                                        + "operation=\"CREATE\",rejected=\"false\",type=\"validating\"} 1.0\n",
                                "apiserver_admission_webhook_rejection_count{error_type=\"calling_webhook_error\","
                                        + "name=\"broken.example.com\",operation=\"CREATE\",rejection_code=\"503\","
                                        + "type=\"validating\"} 1.0\n",
                                "apiserver_admission_webhook_admission_duration_seconds_count{name=\"count.example.com\","
                                        + "operation=\"CREATE\",rejected=\"false\",type=\"admit\"} 1\n"));
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
}
