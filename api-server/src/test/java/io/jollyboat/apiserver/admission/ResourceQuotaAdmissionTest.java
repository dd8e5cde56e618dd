package io.jollyboat.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.apiserver.RestClient;
import io.jollyboat.apiserver.RestClient.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Quotas through the public door. No controller counts anew: what admission charges is all there is. */
class ResourceQuotaAdmissionTest {
    private static final int WRITERS = 32;

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

    private static String namespace(String name) {
        assertThat(client.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + name + "\"}}")
                        .code())
                .isEqualTo(201);
        String path = "/api/v1/namespaces/" + name;
        client.post(path + "/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
        return path;
    }

    /** Makes a quota, and reads it: from then on the server's plugins know it. */
    private static void quota(String namespace, String name, String spec, String used) {
        String path = namespace + "/resourcequotas";
        Answer made = client.post(path, "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":" + spec + "}");
        assertThat(made.code()).as(made.text()).isEqualTo(201);
        String hard = made.json().path("spec").path("hard").toString();
        Answer counted = client.patch(
                path + "/" + name + "/status", "{\"status\":{\"hard\":" + hard + ",\"used\":" + used + "}}");
        assertThat(counted.code()).as(counted.text()).isEqualTo(200);
        assertThat(client.get(path + "/" + name).code()).isEqualTo(200);
    }

    private static String used(String namespace, String quota) {
        return client.get(namespace + "/resourcequotas/" + quota)
                .json()
                .path("status")
                .path("used")
                .toString();
    }

    @Test
    void manyAtOnceNeverGetMoreThanThereIs() throws InterruptedException, ExecutionException {
        String namespace = namespace("crowd");
        quota(namespace, "first", "{\"hard\":{\"count/secrets\":\"20\"}}", "{\"count/secrets\":\"0\"}");
        quota(namespace, "second", "{\"hard\":{\"secrets\":\"25\"}}", "{\"secrets\":\"0\"}");
        List<Future<Answer>> answers = new ArrayList<>();
        try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
            for (int i = 0; i < 3 * WRITERS; i++) {
                String body = "{\"metadata\":{\"name\":\"s" + i + "\"}}";
                answers.add(writers.submit(() -> client.post(namespace + "/secrets", body)));
            }
        }
        int made = 0;
        for (Future<Answer> answer : answers) {
            if (answer.get().code() == 201) {
                made++;
            } else {
                assertThat(answer.get().code()).isEqualTo(403);
                assertThat(answer.get().message())
                        .contains("exceeded quota: first, requested: count/secrets=1, used: count/secrets=20");
            }
        }
        assertThat(made).isEqualTo(20);
        assertThat(client.get(namespace + "/secrets").json().path("items").size())
                .isEqualTo(20);
        assertThat(used(namespace, "first")).isEqualTo("{\"count/secrets\":\"20\"}");
        assertThat(used(namespace, "second")).isEqualTo("{\"secrets\":\"20\"}");
    }

    @Test
    void whatIsUnlikeTheScopeIsNotCounted() {
        String namespace = namespace("scoped");
        quota(namespace, "effort", "{\"hard\":{\"pods\":\"1\"},\"scopes\":[\"BestEffort\"]}", "{\"pods\":\"0\"}");
        quota(
                namespace,
                "urgent",
                "{\"hard\":{\"pods\":\"0\"},\"scopeSelector\":{\"matchExpressions\":[{\"scopeName\":\"PriorityClass\","
                        + "\"operator\":\"In\",\"values\":[\"system-node-critical\"]}]}}",
                "{\"pods\":\"0\"}");
        String demanding = ",\"resources\":{\"requests\":{\"cpu\":\"1m\"}}";
        assertThat(pod(namespace, "a", "", "").code()).isEqualTo(201);
        assertThat(pod(namespace, "b", demanding, "").code()).isEqualTo(201);
        assertThat(pod(namespace, "c", "", "").message())
                .isEqualTo("pods \"c\" is forbidden: exceeded quota: effort, requested: pods=1, used: pods=1,"
                        + " limited: pods=1");
        assertThat(pod(namespace, "d", demanding, ",\"priorityClassName\":\"system-node-critical\"")
                        .message())
                .isEqualTo("pods \"d\" is forbidden: exceeded quota: urgent, requested: pods=1, used: pods=0,"
                        + " limited: pods=0");
        assertThat(used(namespace, "effort")).isEqualTo("{\"pods\":\"1\"}");
    }

    private static Answer pod(String namespace, String name, String container, String spec) {
        return client.post(
                namespace + "/pods",
                "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\""
                        + container + "}]" + spec + "}}");
    }

    @Test
    void onlyWhatIsMoreIsChargedOnAnUpdate() {
        String namespace = namespace("growing");
        quota(namespace, "ports", "{\"hard\":{\"services.nodeports\":\"2\"}}", "{\"services.nodeports\":\"0\"}");
        String service = namespace + "/services/s";
        assertThat(client.post(namespace + "/services", service("\"NodePort\"", 1))
                        .code())
                .isEqualTo(201);
        assertThat(used(namespace, "ports")).isEqualTo("{\"services.nodeports\":\"1\"}");
        assertThat(client.patch(service, "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}")
                        .code())
                .isEqualTo(200);
        assertThat(used(namespace, "ports")).isEqualTo("{\"services.nodeports\":\"1\"}");
        assertThat(client.patch(service, service("\"NodePort\"", 3)).message())
                .isEqualTo("services \"s\" is forbidden: exceeded quota: ports, requested: services.nodeports=2,"
                        + " used: services.nodeports=1, limited: services.nodeports=2");
        assertThat(client.patch(service, service("\"NodePort\"", 2)).code()).isEqualTo(200);
        assertThat(used(namespace, "ports")).isEqualTo("{\"services.nodeports\":\"2\"}");
    }

    private static String service(String type, int ports) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < ports; i++) {
            all.add("{\"name\":\"p" + i + "\",\"port\":" + (80 + i) + "}");
        }
        return "{\"metadata\":{\"name\":\"s\"},\"spec\":{\"type\":" + type + ",\"ports\":[" + String.join(",", all)
                + "]}}";
    }

    @Test
    void aDryRunIsLookedAtAndNotCharged() {
        String namespace = namespace("dry");
        quota(namespace, "q", "{\"hard\":{\"configmaps\":\"1\"}}", "{\"configmaps\":\"0\"}");
        String body = "{\"metadata\":{\"name\":\"c\"}}";
        for (int i = 0; i < 3; i++) {
            assertThat(client.post(namespace + "/configmaps?dryRun=All", body).code())
                    .isEqualTo(201);
        }
        assertThat(used(namespace, "q")).isEqualTo("{\"configmaps\":\"0\"}");
        assertThat(client.post(namespace + "/configmaps", body).code()).isEqualTo(201);
        assertThat(client.post(namespace + "/configmaps?dryRun=All", "{\"metadata\":{\"name\":\"d\"}}")
                        .code())
                .isEqualTo(403);
    }

    @Test
    void whatNobodyCountedYetIsRefused() {
        String namespace = namespace("unknown");
        String path = namespace + "/resourcequotas";
        client.post(path, "{\"metadata\":{\"name\":\"q\"},\"spec\":{\"hard\":{\"secrets\":\"5\"}}}");
        client.patch(path + "/q/status", "{\"status\":{\"hard\":{\"secrets\":\"5\"}}}");
        assertThat(client.get(path + "/q").code()).isEqualTo(200);
        assertThat(client.post(namespace + "/secrets", "{\"metadata\":{\"name\":\"s\"}}")
                        .message())
                .isEqualTo("secrets \"s\" is forbidden: status unknown for quota: q, resources: secrets");
    }
}
