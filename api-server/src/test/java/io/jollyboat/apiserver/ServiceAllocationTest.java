package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.runtime.SystemRuntime;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Service IPs and node ports: given once, given back. */
class ServiceAllocationTest {
    private static final String SERVICES = "/api/v1/namespaces/default/services";

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

    private static Answer create(String name, String spec) {
        return client.post(
                SERVICES, "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{\"ports\":[{\"port\":80" + spec + "}}");
    }

    @Test
    void givesNothingTwiceHoweverManyAsk() throws InterruptedException {
        Set<String> addresses = ConcurrentHashMap.newKeySet();
        Set<Integer> ports = ConcurrentHashMap.newKeySet();
        List<Thread> threads = IntStream.range(0, 40)
                .mapToObj(i -> SystemRuntime.instance().start("create", () -> {
                    Answer answer = create("many-" + i, "}],\"type\":\"NodePort\"");
                    addresses.add(answer.json().path("spec").path("clusterIP").asString());
                    ports.add(answer.json()
                            .path("spec")
                            .path("ports")
                            .path(0)
                            .path("nodePort")
                            .asInt());
                }))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(addresses).hasSize(40).allMatch(address -> address.startsWith("10.96."));
        assertThat(ports).hasSize(40).allMatch(port -> port >= 30000 && port <= 32767);
    }

    @Test
    void takesItsEndpointsAlong() {
        String services = "/api/v1/namespaces/default/services";
        String endpoints = "/api/v1/namespaces/default/endpoints";
        assertThat(client.post(services, "{\"metadata\":{\"name\":\"left\"},\"spec\":{\"ports\":[{\"port\":80}]}}")
                        .code())
                .isEqualTo(201);
        assertThat(client.post(endpoints, "{\"metadata\":{\"name\":\"left\"}}").code())
                .isEqualTo(201);
        assertThat(client.delete(services + "/left?dryRun=All").code()).isEqualTo(200);
        assertThat(client.get(endpoints + "/left").code()).isEqualTo(200);
        assertThat(client.delete(services + "/left").code()).isEqualTo(200);
        assertThat(client.get(endpoints + "/left").code()).isEqualTo(404);
    }

    @Test
    void givesBackWhatADeletedServiceHeld() {
        assertThat(create("a", ",\"nodePort\":31999}],\"type\":\"NodePort\",\"clusterIP\":\"10.96.0.77\"")
                        .code())
                .isEqualTo(201);
        assertThat(create("b", "}],\"clusterIP\":\"10.96.0.77\"").message())
                .isEqualTo("Service \"b\" is invalid: spec.clusterIPs: Invalid value: [\"10.96.0.77\"]: failed to"
                        + " allocate IP 10.96.0.77: provided IP is already allocated");
        assertThat(create("b", ",\"nodePort\":31999}],\"type\":\"NodePort\"").message())
                .isEqualTo("Service \"b\" is invalid: spec.ports[0].nodePort: Invalid value: 31999: provided port is"
                        + " already allocated");
        assertThat(client.get("/apis/networking.k8s.io/v1/ipaddresses/10.96.0.77")
                        .json()
                        .path("spec")
                        .path("parentRef")
                        .path("name")
                        .asString())
                .isEqualTo("a");
        client.delete(SERVICES + "/a");
        assertThat(create("b", ",\"nodePort\":31999}],\"type\":\"NodePort\",\"clusterIP\":\"10.96.0.77\"")
                        .code())
                .isEqualTo(201);
    }

    @Test
    void givesBackWhatAnotherTypeDoesNotNeed() {
        create("t", ",\"nodePort\":31888}],\"type\":\"NodePort\"");
        Answer cluster = client.patch(SERVICES + "/t", "{\"spec\":{\"type\":\"ClusterIP\"}}");
        assertThat(cluster.json().path("spec").path("ports").path(0).has("nodePort"))
                .isFalse();
        assertThat(create("u", ",\"nodePort\":31888}],\"type\":\"NodePort\"").code())
                .isEqualTo(201);

        String address = cluster.json().path("spec").path("clusterIP").asString();
        Answer external = client.patch(
                SERVICES + "/t", "{\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"example.com\"}}");
        assertThat(external.json().path("spec").has("clusterIP"))
                .as(external.text())
                .isFalse();
        assertThat(client.get("/apis/networking.k8s.io/v1/ipaddresses/" + address)
                        .code())
                .isEqualTo(404);
    }

    @Test
    void leavesHeadlessServicesWithoutAnAddress() {
        Answer headless = create("h", "}],\"clusterIP\":\"None\",\"selector\":{\"a\":\"b\"}");
        assertThat(headless.json().path("spec").path("clusterIPs").path(0).asString())
                .isEqualTo("None");
        assertThat(headless.json().path("spec").path("ipFamilyPolicy").asString())
                .isEqualTo("SingleStack");
    }
}
