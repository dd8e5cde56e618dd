package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jollyboat.api.core.v1.NamespaceList;
import io.jollyboat.api.runtime.Unknown;
import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.codec.Envelope;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The path from an HTTP request to the store and back. */
class ApiServerTest {
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

    @Test
    void createsGetsUpdatesAndDeletes() {
        String path = "/api/v1/namespaces/default/configmaps";
        Answer created = client.post(path, "{\"metadata\":{\"name\":\"one\"},\"data\":{\"a\":\"b\"}}");
        assertThat(created.code()).as(created.text()).isEqualTo(201);
        assertThat(created.text()).startsWith("{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{");

        Answer got = client.get(path + "/one");
        assertThat(got.json().path("data").path("a").asString()).isEqualTo("b");
        assertThat(got.text()).isEqualTo(created.text());

        String version = got.json().path("metadata").path("resourceVersion").asString();
        Answer updated = client.put(
                path + "/one",
                "{\"metadata\":{\"name\":\"one\",\"resourceVersion\":\"" + version + "\"},\"data\":{\"a\":\"c\"}}");
        assertThat(updated.code()).as(updated.text()).isEqualTo(200);
        Answer stale =
                client.put(path + "/one", "{\"metadata\":{\"name\":\"one\",\"resourceVersion\":\"" + version + "\"}}");
        assertThat(stale.code()).isEqualTo(409);
        assertThat(stale.message()).contains("the object has been modified");

        assertThat(client.get(path).json().path("kind").asString()).isEqualTo("ConfigMapList");
        assertThat(client.delete(path + "/one").json().path("status").asString())
                .isEqualTo("Success");
        assertThat(client.get(path + "/one").code()).isEqualTo(404);
    }

    /** Upstream completes what it reads, and what it has counted itself stands in an annotation. */
    @Test
    void jobsHaveTheirPodsLabelsAndDaemonSetsCountTheirTemplates() {
        String pod = "{\"containers\":[{\"name\":\"c\",\"image\":\"a\"}],\"restartPolicy\":\"%s\"}";
        String job = client.post(
                        "/apis/batch/v1/namespaces/default/jobs",
                        "{\"metadata\":{\"name\":\"j\"},\"spec\":{\"template\":{\"spec\":" + pod.formatted("Never")
                                + "}}}")
                .json()
                .path("metadata")
                .path("labels")
                .path("batch.kubernetes.io/job-name")
                .asString();
        assertThat(job).isEqualTo("j");
        String sets = "/apis/apps/v1/namespaces/default/daemonsets";
        Answer created = client.post(
                sets,
                "{\"metadata\":{\"name\":\"d\"},\"spec\":{\"selector\":{\"matchLabels\":{\"a\":\"b\"}},"
                        + "\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":" + pod.formatted("Always")
                        + "}}}");
        assertThat(templates(created)).isEqualTo("1");
        assertThat(templates(client.patch(sets + "/d", "{\"spec\":{\"minReadySeconds\":3}}")))
                .isEqualTo("1");
        assertThat(templates(client.patch(
                        sets + "/d", "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"x\":\"y\"}}}}}")))
                .isEqualTo("2");
    }

    private static String templates(Answer answer) {
        return answer.json()
                .path("metadata")
                .path("annotations")
                .path("deprecated.daemonset.template.generation")
                .asString(answer.text());
    }

    @Test
    void makesTheKubernetesService() {
        org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            Answer service = client.get("/api/v1/namespaces/default/services/kubernetes");
            assertThat(service.json().path("spec").path("clusterIP").asString()).isEqualTo("10.96.0.1");
            Answer slice = client.get("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes");
            assertThat(slice.json()
                            .path("endpoints")
                            .path(0)
                            .path("addresses")
                            .path(0)
                            .asString())
                    .isEqualTo("127.0.0.1");
        });
    }

    @Test
    void saysHowItIsAndWhich() {
        assertThat(client.get("/readyz?verbose").text()).contains("[+]etcd ok").endsWith("readyz check passed\n");
        assertThat(client.get("/version/").json().path("gitVersion").asString()).startsWith("v1.36.2");
        assertThat(client.get("/nosuch").text()).isEqualTo("404 page not found\n");
    }

    @Test
    void answersInYamlAndProtobuf() {
        Answer yaml = client.send("GET", "/api/v1/namespaces/default", Map.of("Accept", "application/yaml"), null);
        assertThat(yaml.text()).startsWith("apiVersion: v1\nkind: Namespace\n");
        Answer protobuf = client.send(
                "GET", "/api/v1/namespaces/default", Map.of("Accept", "application/vnd.kubernetes.protobuf"), null);
        assertThat(protobuf.bytes()).startsWith('k', '8', 's', 0);
    }

    @Test
    void listsInProtobuf() throws InvalidProtocolBufferException {
        Answer answer =
                client.send("GET", "/api/v1/namespaces", Map.of("Accept", "application/vnd.kubernetes.protobuf"), null);
        Unknown envelope = Envelope.unwrap(answer.bytes());
        assertThat(envelope.getTypeMeta().getKind()).isEqualTo("NamespaceList");
        NamespaceList list = NamespaceList.parseFrom(envelope.getRaw());
        assertThat(list.getMetadata().getResourceVersion()).isNotEmpty();
        assertThat(list.getItemsList())
                .extracting(n -> n.getMetadata().getName())
                .contains("default", "kube-system", "kube-public", "kube-node-lease");
    }
}
