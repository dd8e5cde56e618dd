package io.jollyboat.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.apiserver.RestClient;
import io.jollyboat.apiserver.RestClient.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Resizes of pods, as far as their nodes decide. */
class PodResizeAdmissionTest {
    private static final String PODS = "/api/v1/namespaces/default/pods";

    private static EmbeddedApiServer server;
    private static RestClient client;

    @BeforeAll
    static void start() {
        server = EmbeddedApiServer.start();
        client = RestClient.admin(server);
        created("/api/v1/namespaces/default/serviceaccounts", "{'metadata':{'name':'default'}}");
        String status = ",'status':{'allocatable':{'cpu':'2','memory':'1Gi'}";
        created("/api/v1/nodes", "{'metadata':{'name':'plain'}" + status + "}}");
        created(
                "/api/v1/nodes",
                "{'metadata':{'name':'panes','labels':{'kubernetes.io/os':'windows'}}" + status + "}}");
        created(
                "/api/v1/nodes",
                "{'metadata':{'name':'new'}" + status
                        + ",'declaredFeatures':['InPlacePodLevelResourcesVerticalScaling']}}");
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static void created(String path, String body) {
        Answer answer = client.post(path, body.replace('\'', '"'));
        assertThat(answer.code()).as(answer.text()).isEqualTo(201);
    }

    private static void pod(String name, String node) {
        String requests = "'resources':{'requests':{'cpu':'1','memory':'8Mi'}}";
        created(
                PODS,
                "{'metadata':{'name':'" + name + "'},'spec':{'nodeName':'" + node + "'," + requests
                        + ",'initContainers':[{'name':'i','image':'i','resources':{'requests':{'cpu':'100m'}}}],"
                        + "'containers':[{'name':'c','image':'i','resources':{'requests':{'cpu':'100m'}}}]}}");
    }

    private static Answer resized(String name, String spec) {
        return client.send(
                "PATCH",
                PODS + "/" + name + "/resize",
                Map.of("Content-Type", "application/strategic-merge-patch+json"),
                ("{'spec':" + spec + "}").replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static void refused(Answer answer, String name, String message, String causes) {
        assertThat(answer.message()).isEqualTo("pods \"" + name + "\" is forbidden: " + message);
        assertThat(answer.code()).isEqualTo(403);
        assertThat(answer.json().path("details").path("causes").toString())
                .isEqualTo(causes.isEmpty() ? "" : "[{\"reason\":\"" + causes + "\"}]");
    }

    @Test
    void whatTheNodeCouldNeverHoldIsRefused() {
        pod("greedy", "new");
        refused(
                resized("greedy", "{'resources':{'requests':{'cpu':'1000','memory':'2Gi'}}}"),
                "greedy",
                "node didn't have enough allocatable resources: cpu, requested: 1000000, allocatable: 2000;"
                        + " memory, requested: 2147483648, allocatable: 1073741824",
                "NodeCapacity");
        Answer fits = resized("greedy", "{'resources':{'requests':{'cpu':'2'}}}");
        assertThat(fits.code()).as(fits.text()).isEqualTo(200);
    }

    @Test
    void anotherSystemsNodeResizesNothing() {
        pod("windows", "panes");
        refused(
                resized("windows", "{'containers':[{'name':'c','resources':{'requests':{'cpu':'200m'}}}]}"),
                "windows",
                "pod resize is only supported on linux nodes, node \"panes\" is \"windows\"",
                "UnsupportedPlatform");
    }

    @Test
    void whatTheNodeDoesNotDeclareIsRefused() {
        pod("old", "plain");
        refused(
                resized("old", "{'resources':{'requests':{'cpu':'1500m'}}}"),
                "old",
                "pod update requires features InPlacePodLevelResourcesVerticalScaling which are not available on node"
                        + " \"plain\"",
                "");
        Answer container = resized("old", "{'containers':[{'name':'c','resources':{'requests':{'cpu':'200m'}}}]}");
        assertThat(container.code()).as(container.text()).isEqualTo(200);
    }

    @Test
    void aNodeThatIsGoneCannotBeAsked() {
        pod("orphan", "gone");
        refused(
                resized("orphan", "{'containers':[{'name':'c','resources':{'requests':{'cpu':'200m'}}}]}"),
                "orphan",
                "node \"gone\" not found",
                "");
    }
}
