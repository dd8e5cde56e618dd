package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.apiserver.storage.MemoryStore;
import io.jollyboat.runtime.SystemRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PodSecurity as a file of upstream's form says. */
class PodSecurityFileTest {
    private static final String FILE = """
            apiVersion: apiserver.config.k8s.io/v1
            kind: AdmissionConfiguration
            plugins:
              - name: PodSecurity
                configuration:
                  apiVersion: pod-security.admission.config.k8s.io/v1
                  kind: PodSecurityConfiguration
                  defaults: {enforce: baseline, enforce-version: v1.30, warn: restricted, warn-version: latest}
                  exemptions:
                    usernames: [captain]
                    runtimeClasses: [sealed]
                    namespaces: [hold]
            """;

    @TempDir
    private static Path folder;

    private static EmbeddedApiServer server;
    private static RestClient client;

    @BeforeAll
    static void start() throws IOException {
        Path file = Files.writeString(folder.resolve("admission.yaml"), FILE);
        server = EmbeddedApiServer.start(
                SystemRuntime.instance(),
                new MemoryStore(SystemRuntime.instance()),
                settings -> settings.admitting(file));
        client = RestClient.admin(server);
        created("/api/v1/namespaces", "{'metadata':{'name':'hold'}}");
        created("/apis/node.k8s.io/v1/runtimeclasses", "{'metadata':{'name':'sealed'},'handler':'s'}");
        for (String namespace : List.of("hold", "default")) {
            created("/api/v1/namespaces/" + namespace + "/serviceaccounts", "{'metadata':{'name':'default'}}");
        }
        created(
                "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
                "{'metadata':{'name':'captain'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':'ClusterRole',"
                        + "'name':'cluster-admin'},'subjects':[{'kind':'User','name':'captain','apiGroup':'rbac.authorization.k8s.io'}]}");
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static Answer created(String path, String body) {
        Answer answer = client.post(path, body.replace('\'', '"'));
        assertThat(answer.code()).as(answer.text()).isEqualTo(201);
        return answer;
    }

    private static Answer pod(String namespace, String more, Map<String, String> headers) {
        String body = "{'metadata':{'name':'p'},'spec':{" + more + "'containers':[{'name':'c','image':'i',"
                + "'securityContext':{'privileged':true}}]}}";
        return client.send(
                "POST",
                "/api/v1/namespaces/" + namespace + "/pods?dryRun=All",
                headers,
                body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void defaultsHoldWhereLabelsSayNothing() {
        Map<String, String> plain = Map.of("Content-Type", "application/json");
        Answer refused = pod("default", "", plain);
        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.message())
                .startsWith("pods \"p\" is forbidden: violates PodSecurity \"baseline:v1.30\": privileged");
        created(
                "/api/v1/namespaces",
                "{'metadata':{'name':'free','labels':{'pod-security.kubernetes.io/enforce':'privileged',"
                        + "'pod-security.kubernetes.io/warn':'privileged'}}}");
        created("/api/v1/namespaces/free/serviceaccounts", "{'metadata':{'name':'default'}}");
        Answer allowed = pod("free", "", plain);
        assertThat(allowed.code()).as(allowed.text()).isEqualTo(201);
        assertThat(allowed.headers()).doesNotContainKey("warning");
    }

    @Test
    void exemptionsHoldNobody() {
        Map<String, String> plain = Map.of("Content-Type", "application/json");
        for (Answer answer : List.of(
                pod("hold", "", plain),
                pod("default", "'runtimeClassName':'sealed',", plain),
                pod("default", "", Map.of("Content-Type", "application/json", "Impersonate-User", "captain")))) {
            assertThat(answer.code()).as(answer.text()).isEqualTo(201);
            assertThat(answer.headers()).doesNotContainKey("warning");
        }
    }

    @Test
    void labelsOfAnExemptNamespaceAreWarnedOf() {
        Answer answer = client.send(
                "PATCH",
                "/api/v1/namespaces/hold?dryRun=All",
                Map.of("Content-Type", "application/merge-patch+json"),
                "{\"metadata\":{\"labels\":{\"pod-security.kubernetes.io/enforce\":\"restricted\"}}}"
                        .getBytes(StandardCharsets.UTF_8));
        assertThat(answer.headers().get("warning"))
                .containsExactly("299 - \"namespace \\\"hold\\\" is exempt from Pod Security, and the policy"
                        + " (enforce=restricted:v1.30) will be ignored\"");
    }

    @Test
    void filesThatCannotBeFollowedAreRefused() throws IOException {
        refused(
                FILE.replace("enforce: baseline", "enforce: strict"),
                "must be one of privileged, baseline, restricted");
        refused(FILE.replace("v1.30", "x1.30"), "must be \"latest\" or \"v1.x\"");
        refused(FILE.replace("warn-version", "warnVersion"), "defaults.warnVersion: is not known");
        refused(FILE.replace("name: PodSecurity", "name: EventRateLimit"), "only PodSecurity can be configured");
        refused(FILE.replace("exemptions", "exemption"), "exemption");
    }

    private static void refused(String text, String why) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.yaml"), text);
        assertThatThrownBy(() -> AdmissionConfiguration.podSecurity(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bad.yaml")
                .hasMessageContaining(why);
    }
}
