package io.jollyboat.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.apiserver.RestClient;
import io.jollyboat.apiserver.RestClient.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What plugins complete, through the public door. */
class StorageAndClassAdmissionTest {
    private static final String DEFAULT = "/api/v1/namespaces/default";

    private static EmbeddedApiServer server;
    private static RestClient client;

    @BeforeAll
    static void start() {
        server = EmbeddedApiServer.start();
        client = RestClient.admin(server);
        client.post(DEFAULT + "/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    /** Creates, and reads what was created: from then on the server's plugins know it. */
    private static JsonNode made(String path, String body) {
        Answer answer = client.post(path, body);
        assertThat(answer.code()).as(answer.text()).isEqualTo(201);
        String name = answer.json().path("metadata").path("name").asString();
        assertThat(client.get(path + "/" + name).code()).isEqualTo(200);
        return answer.json();
    }

    @Test
    void aClaimGetsTheDefaultClassAndGrowsOnlyIfThatLetsIt() {
        String claims = DEFAULT + "/persistentvolumeclaims";
        assertThat(made(claims, claim("early", "")).path("spec").has("storageClassName"))
                .isFalse();
        made(
                "/apis/storage.k8s.io/v1/storageclasses",
                "{\"metadata\":{\"name\":\"usual\",\"annotations\":{\"storageclass.kubernetes.io/is-default-class\":"
                        + "\"true\"}},\"provisioner\":\"a.b/c\",\"allowVolumeExpansion\":true}");
        JsonNode claim = made(claims, claim("late", ""));
        assertThat(claim.path("spec").path("storageClassName").asString()).isEqualTo("usual");
        assertThat(claim.path("metadata").path("finalizers").toString())
                .isEqualTo("[\"kubernetes.io/pvc-protection\"]");
        assertThat(made(claims, claim("none", "\"storageClassName\":\"\","))
                        .path("spec")
                        .path("storageClassName")
                        .asString())
                .isEmpty();

        String more = "{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"2Gi\"}}}}";
        assertThat(client.patch(claims + "/late", more).message())
                .contains("spec is immutable after creation except resources.requests and volumeAttributesClassName");
        client.patch(claims + "/late/status", "{\"status\":{\"phase\":\"Bound\"}}");
        client.patch(claims + "/none/status", "{\"status\":{\"phase\":\"Bound\"}}");
        assertThat(client.patch(claims + "/late", more).code()).isEqualTo(200);
        assertThat(client.patch(claims + "/none", more).message())
                .isEqualTo("persistentvolumeclaims \"none\" is forbidden: only dynamically provisioned pvc can be"
                        + " resized and the storageclass that provisions the pvc must support resize");
    }

    private static String claim(String name, String more) {
        return "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{" + more
                + "\"accessModes\":[\"ReadWriteOnce\"],\"resources\":{\"requests\":{\"storage\":\"1Gi\"}}}}";
    }

    @Test
    void anIngressGetsTheDefaultClass() {
        made(
                "/apis/networking.k8s.io/v1/ingressclasses",
                "{\"metadata\":{\"name\":\"front\",\"annotations\":{"
                        + "\"ingressclass.kubernetes.io/is-default-class\":\"true\"}},"
                        + "\"spec\":{\"controller\":\"a.b/c\"}}");
        String path = "/apis/networking.k8s.io/v1/namespaces/default/ingresses";
        String spec = "\"spec\":{\"defaultBackend\":{\"service\":{\"name\":\"s\",\"port\":{\"number\":80}}}}}";
        assertThat(made(path, "{\"metadata\":{\"name\":\"plain\"}," + spec)
                        .path("spec")
                        .path("ingressClassName")
                        .asString())
                .isEqualTo("front");
        assertThat(made(
                                path,
                                "{\"metadata\":{\"name\":\"old\",\"annotations\":{\"kubernetes.io/ingress.class\":"
                                        + "\"x\"}}," + spec)
                        .path("spec")
                        .has("ingressClassName"))
                .isFalse();
    }

    @Test
    void aRuntimeClassAddsItsCostAndItsPlace() {
        made(
                "/apis/node.k8s.io/v1/runtimeclasses",
                "{\"metadata\":{\"name\":\"sandboxed\"},\"handler\":\"h\",\"overhead\":{\"podFixed\":{\"cpu\":\"10m\"}},"
                        + "\"scheduling\":{\"nodeSelector\":{\"sandbox\":\"yes\"},\"tolerations\":[{\"key\":\"k\","
                        + "\"operator\":\"Exists\"}]}}");
        JsonNode spec = made(
                        DEFAULT + "/pods",
                        pod("r", "\"tolerations\":[{\"key\":\"k\",\"value\":\"v\",\"effect\":\"NoSchedule\"}],"))
                .path("spec");
        assertThat(spec.path("overhead").toString()).isEqualTo("{\"cpu\":\"10m\"}");
        assertThat(spec.path("nodeSelector").toString()).isEqualTo("{\"sandbox\":\"yes\"}");
        assertThat(spec.path("tolerations").path(0).path("key").asString()).isEqualTo("node.kubernetes.io/not-ready");
        assertThat(spec.path("tolerations").toString()).contains("{\"key\":\"k\",\"operator\":\"Exists\"}");
        assertThat(client.post(DEFAULT + "/pods", pod("s", "\"nodeSelector\":{\"sandbox\":\"no\"},"))
                        .message())
                .isEqualTo("pods \"s\" is forbidden: conflict: runtimeClass.scheduling.nodeSelector[sandbox] = yes;"
                        + " pod.spec.nodeSelector[sandbox] = no");
        assertThat(client.post(DEFAULT + "/pods", pod("t", "\"overhead\":{\"cpu\":\"1\"},"))
                        .message())
                .isEqualTo("pods \"t\" is forbidden: pod rejected: Pod's Overhead doesn't match RuntimeClass's"
                        + " defined Overhead");
    }

    private static String pod(String name, String more) {
        return "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{\"runtimeClassName\":\"sandboxed\"," + more
                + "\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}";
    }

    @Test
    void aPodCarriesTheZoneOfItsNode() {
        made(
                "/api/v1/nodes",
                "{\"metadata\":{\"name\":\"n\",\"labels\":{\"topology.kubernetes.io/zone\":\"z1\","
                        + "\"topology.kubernetes.io/region\":\"r1\",\"other\":\"o\"}}}");
        made(
                DEFAULT + "/pods",
                "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
        Answer bound =
                client.post(DEFAULT + "/pods/p/binding", "{\"metadata\":{\"name\":\"p\"},\"target\":{\"name\":\"n\"}}");
        assertThat(bound.code()).as(bound.text()).isEqualTo(201);
        assertThat(client.get(DEFAULT + "/pods/p")
                        .json()
                        .path("metadata")
                        .path("labels")
                        .toString())
                .isEqualTo("{\"topology.kubernetes.io/region\":\"r1\",\"topology.kubernetes.io/zone\":\"z1\"}");
    }
}
