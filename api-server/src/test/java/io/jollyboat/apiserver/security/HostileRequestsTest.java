package io.jollyboat.apiserver.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.apiserver.RestClient;
import io.jollyboat.apiserver.RestClient.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Somebody with few rights, and what he tries. */
class HostileRequestsTest {
    private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1/";
    private static final Map<String, String> MALLORY =
            Map.of("Impersonate-User", "mallory", "Content-Type", "application/json");
    private static EmbeddedApiServer server;
    private static RestClient admin;

    @BeforeAll
    static void start() {
        server = EmbeddedApiServer.start();
        admin = RestClient.admin(server);
        create(
                "/api/v1/namespaces/default/secrets",
                "{\"metadata\":{\"name\":\"own\"},\"stringData\":{\"k\":\"mine\"}}");
        create(
                "/api/v1/namespaces/default/secrets",
                "{\"metadata\":{\"name\":\"other\"},\"stringData\":{\"k\":\"theirs\"}}");
        create("/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
        create(
                "/api/v1/namespaces/default/pods",
                "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
        create(
                RBAC + "clusterroles",
                "{\"metadata\":{\"name\":\"few\"},\"rules\":["
                        + "{\"apiGroups\":[\"\"],\"resources\":[\"secrets\"],\"resourceNames\":[\"own\"],"
                        + "\"verbs\":[\"get\",\"list\",\"watch\",\"deletecollection\"]},"
                        + "{\"apiGroups\":[\"\"],\"resources\":[\"pods\",\"pods/exec\",\"pods/attach\",\"pods/portforward\"],"
                        + "\"verbs\":[\"get\"]},"
                        + "{\"apiGroups\":[\"rbac.authorization.k8s.io\"],\"resources\":[\"*\"],\"verbs\":[\"*\"]},"
                        + "{\"nonResourceURLs\":[\"/livez/*\"],\"verbs\":[\"get\"]}]}");
        create(
                RBAC + "clusterrolebindings",
                "{\"metadata\":{\"name\":\"few\"},\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":"
                        + "\"ClusterRole\",\"name\":\"few\"},\"subjects\":[{\"kind\":\"User\",\"name\":\"mallory\"}]}");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> get("/api/v1/namespaces/default/secrets/own").code() == 200);
    }

    @AfterAll
    static void stop() {
        admin.close();
        server.close();
    }

    private static void create(String path, String json) {
        assertThat(admin.post(path, json).code()).as(path).isEqualTo(201);
    }

    private static Answer get(String path) {
        return admin.send("GET", path, MALLORY, null);
    }

    @Test
    void oddPathsLeadNowhere() {
        List<String> reached = new ArrayList<>();
        for (String path : List.of(
                "//api/v1/namespaces/default/secrets/other",
                "/api//v1/namespaces/default/secrets/other",
                "/api/v1/namespaces/default/secrets/own/../other",
                "/api/v1/namespaces/default/secrets/own%2f..%2fother",
                "/api/v1/namespaces/default/secrets/own/%2e%2e/other",
                "/api/v1/namespaces/default/secrets%2fother",
                "/api/v1/namespaces/default%2fsecrets/other",
                "/api/v1/namespaces/default/secrets/other%00own",
                "/api/v1/namespaces/default/Secrets/other",
                "/API/v1/namespaces/default/secrets/other",
                "/api/V1/namespaces/default/secrets/other",
                "/api/v1/namespaces/DEFAULT/secrets/other",
                "/api/v1/watch/namespaces/default/secrets/other",
                "/api/v1/watch/namespaces/default/secrets",
                "/api/v1/watch/secrets",
                "/livez/../metrics",
                "/livez/%2e%2e/metrics",
                "/livez//../../api/v1/namespaces/default/secrets/other",
                "//metrics",
                "/metrics/",
                "/Metrics",
                "/openid/v1/../../metrics")) {
            Answer answer = get(path);
            if (answer.code() < 300 || answer.text().contains("dGhlaXJz")) {
                reached.add(path + " " + answer.code() + " " + answer.text());
            }
        }
        assertThat(reached).isEmpty();
    }

    @Test
    void whoMayHaveOneGetsNoOthers() {
        String all = "/api/v1/namespaces/default/secrets";
        assertThat(get(all).code()).isEqualTo(403);
        assertThat(get(all + "?fieldSelector=metadata.name=own")
                        .json()
                        .path("items")
                        .size())
                .isEqualTo(1);
        for (String selector : List.of(
                "metadata.name=other",
                "metadata.name!=own",
                "metadata.name=own&fieldSelector=",
                "&fieldSelector=metadata.name=own",
                "metadata.name=own,metadata.name=other",
                "metadata.name=own&fieldSelector=metadata.name=other",
                "type=Opaque",
                "metadata.name%3D%3Down%00")) {
            assertThat(get(all + "?fieldSelector=" + selector).text())
                    .as(selector)
                    .doesNotContain("dGhlaXJz");
        }
        assertThat(admin.send("DELETE", all + "?fieldSelector=metadata.name=own&dryRun=All", MALLORY, null)
                        .text())
                .doesNotContain("other");
        assertThat(admin.get(all + "/other").code()).isEqualTo(200);
    }

    /** A WebSocket is opened with GET, and runs what it runs: upstream asks for the right to create since 1.35. */
    @Test
    void whoMayOnlyReadRunsNothing() {
        for (String what : List.of("exec?command=id", "attach", "portforward?ports=80")) {
            Answer answer = get("/api/v1/namespaces/default/pods/p/" + what);
            assertThat(answer.code()).as(what).isEqualTo(403);
            assertThat(answer.message()).isEqualTo("pods \"p\" is forbidden: ");
        }
        assertThat(get("/api/v1/namespaces/default/pods/p/log").code()).isEqualTo(403);
    }

    @Test
    void nobodyGivesHimselfMore() {
        List<String> got = new ArrayList<>();
        String role = "{\"metadata\":{\"name\":\"more\"},\"rules\":[{\"apiGroups\":[\"\"],\"resources\":[\"%s\"],"
                + "\"verbs\":[\"get\"]}]}";
        String binding = "{\"metadata\":{\"name\":\"more\"},\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\","
                + "\"kind\":\"ClusterRole\",\"name\":\"cluster-admin\"},\"subjects\":[{\"kind\":\"User\",\"name\":\"mallory\"}]}";
        String aggregating =
                "{\"metadata\":{\"name\":\"more\"},\"aggregationRule\":{\"clusterRoleSelectors\":[{\"matchLabels\":{}}]}}";
        // Upstream's verb all covers escalate and bind, too, so what is his is taken away first.
        admin.put(
                RBAC + "clusterroles/few",
                admin.get(RBAC + "clusterroles/few")
                        .text()
                        .replace(
                                "\"verbs\":[\"*\"]", "\"verbs\":[\"get\",\"create\",\"update\",\"patch\",\"delete\"]"));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> get(RBAC + "clusterroles").code() == 403);
        for (String attempt : List.of(
                "clusterroles " + role.formatted("secrets"),
                "clusterroles " + role.formatted("*"),
                "clusterroles " + role.formatted("secrets/x"),
                "namespaces/default/roles " + role.formatted("configmaps"),
                "clusterroles " + aggregating,
                "clusterrolebindings " + binding,
                "namespaces/default/rolebindings " + binding)) {
            String path = attempt.substring(0, attempt.indexOf(' '));
            String body = attempt.substring(attempt.indexOf(' ') + 1);
            for (String[] how : new String[][] {
                {"POST", RBAC + path, "application/json"},
                {"PATCH", RBAC + path + "/more?fieldManager=m&force=true", "application/apply-patch+yaml"}
            }) {
                String kind = path.endsWith("clusterroles")
                        ? "ClusterRole"
                        : path.endsWith("clusterrolebindings")
                                ? "ClusterRoleBinding"
                                : path.endsWith("roles") ? "Role" : "RoleBinding";
                String typed = "{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"" + kind + "\","
                        + body.substring(1);
                Answer answer = admin.send(
                        how[0],
                        how[1],
                        Map.of("Impersonate-User", "mallory", "Content-Type", how[2]),
                        typed.getBytes(StandardCharsets.UTF_8));
                if (answer.code() != 403) {
                    got.add(how[0] + " " + attempt + " " + answer.code() + " " + answer.message());
                }
            }
        }
        assertThat(got).isEmpty();
    }

    @Test
    void headersMakeNobodyElse() {
        Answer groups = admin.send(
                "GET",
                "/api/v1/namespaces/default/secrets/other",
                Map.of(
                        "Impersonate-User",
                        "mallory",
                        "X-Remote-User",
                        "kubernetes-admin",
                        "X-Remote-Group",
                        "system:masters"),
                null);
        assertThat(groups.code()).isEqualTo(403);
    }
}
