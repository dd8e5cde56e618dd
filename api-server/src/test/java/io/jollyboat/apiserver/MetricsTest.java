package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.tls.TlsFiles;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.function.DoublePredicate;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the server counts, under upstream's names and labels, as a scraper reads it. */
class MetricsTest {
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

    private static String metrics() {
        return client.get("/metrics").text();
    }

    private static double value(String series) {
        return metrics()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    /** An answer may be there before it is counted. */
    private static void counted(String series, DoublePredicate right) {
        await().atMost(Duration.ofSeconds(60)).until(() -> right.test(value(series)));
    }

    @Test
    void aWriteIsCountedAlongItsWay() {
        String requests = "apiserver_request_total{code=\"201\",component=\"apiserver\",dry_run=\"\",group=\"\","
                + "resource=\"limitranges\",scope=\"resource\",subresource=\"\",system_client=\"\",verb=\"POST\","
                + "version=\"v1\"}";
        String step = "apiserver_admission_step_admission_duration_seconds_count{operation=\"CREATE\","
                + "rejected=\"false\",type=\"validate\"}";
        String plugin = "apiserver_admission_controller_admission_duration_seconds_count{name=\"NamespaceLifecycle\","
                + "operation=\"CREATE\",rejected=\"false\",type=\"admit\"}";
        String known = "authentication_attempts{result=\"success\"}";
        String allowed = "authorization_attempts_total{result=\"allowed\"}";
        double steps = value(step);
        double plugins = value(plugin);
        double users = value(known);
        double decisions = value(allowed);
        RestClient.Answer made = client.post(
                "/api/v1/namespaces/default/limitranges",
                "{\"metadata\":{\"name\":\"m\"},\"spec\":{\"limits\":[{\"type\":\"Pod\"}]}}");
        assertThat(made.code()).as(made.text()).isEqualTo(201);
        counted(requests, v -> v == 1);
        counted(step, v -> v > steps);
        counted(plugin, v -> v > plugins);
        counted(known, v -> v > users);
        counted(allowed, v -> v > decisions);
        counted("apiserver_storage_events_received_total{group=\"\",resource=\"limitranges\"}", v -> v == 1);
    }

    @Test
    void aRefusalByAPluginIsCounted() {
        RestClient.Answer refused =
                client.post("/api/v1/namespaces/nosuch/configmaps", "{\"metadata\":{\"name\":\"m\"},\"data\":{}}");
        assertThat(refused.code()).as(refused.text()).isEqualTo(404);
        counted(
                "apiserver_admission_controller_admission_duration_seconds_count{name=\"NamespaceLifecycle\","
                        + "operation=\"CREATE\",rejected=\"true\",type=\"admit\"}",
                v -> v == 1);
        counted(
                "apiserver_admission_step_admission_duration_seconds_count{operation=\"CREATE\","
                        + "rejected=\"true\",type=\"admit\"}",
                v -> v == 1);
    }

    @Test
    void readsHaveSizesAndDeprecatedKindsAreShown() {
        assertThat(client.get("/api/v1/endpoints").code()).isEqualTo(200);
        counted(
                "apiserver_requested_deprecated_apis{group=\"\",removed_release=\"\",resource=\"endpoints\","
                        + "subresource=\"\",version=\"v1\"}",
                v -> v == 1);
        String labels = "{component=\"apiserver\",group=\"\",resource=\"endpoints\",scope=\"cluster\","
                + "subresource=\"\",verb=\"LIST\",version=\"v1\"}";
        counted("apiserver_response_sizes_count" + labels, v -> v == 1);
        counted("apiserver_response_sizes_sum" + labels, v -> v > 50);
    }

    @Test
    void unknownResourcesMakeNoSeries() {
        assertThat(client.get("/api/v1/nosuchthing").code()).isEqualTo(404);
        assertThat(client.get("/apis/nosuch.group/v1/things?watch=true").code()).isEqualTo(404);
        assertThat(metrics()).doesNotContain("nosuch");
    }

    @Test
    void whoIsNotKnownIsCounted() {
        double before = value("authentication_attempts{result=\"error\"}");
        SSLContext nobody = server.tls(pki -> TlsFiles.trusting(pki.clusterAuthority()));
        try (RestClient stranger = new RestClient(server.url(), nobody, HttpClient.Version.HTTP_1_1)) {
            assertThat(stranger.send("GET", "/api/v1/pods", Map.of("Authorization", "Bearer nonsense"), new byte[0])
                            .code())
                    .isEqualTo(401);
        }
        counted("authentication_attempts{result=\"error\"}", v -> v == before + 1);
        assertThat(metrics()).contains("# TYPE authentication_attempts counter");
    }
}
