package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.jollyboat.apiserver.storage.EtcdConfig;
import io.jollyboat.apiserver.storage.EtcdFixture;
import io.jollyboat.apiserver.storage.EtcdStore;
import io.jollyboat.apiserver.storage.RangeRequest;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.Pki;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How the server ends, and what it tells of itself. */
class ShutdownTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void requestsUnderWayAreAnswered(HttpClient.Version version) {
        try (EtcdFixture etcd = EtcdFixture.plain()) {
            EtcdConfig patient = new EtcdConfig(etcd.config().endpoints(), null, Duration.ofSeconds(20));
            EtcdStore store = EtcdStore.open(patient, SystemRuntime.instance());
            try (EmbeddedApiServer server = EmbeddedApiServer.start(SystemRuntime.instance(), store);
                    RestClient client = new RestClient(server.url(), server.tls(Pki::admin), version);
                    RestClient observer = RestClient.admin(server)) {
                assertThat(client.get(MAPS).code()).isEqualTo(200);
                etcd.pause();
                CompletableFuture<RestClient.Answer> late = new CompletableFuture<>();
                SystemRuntime.instance()
                        .start("late", () -> late.complete(client.post(MAPS, "{\"metadata\":{\"name\":\"late\"}}")));
                await().atMost(LIMIT)
                        .untilAsserted(() -> assertThat(observer.get("/metrics").text())
                                .contains("apiserver_current_inflight_requests{request_kind=\"mutating\"} 1"));
                CountDownLatch stopped = new CountDownLatch(1);
                SystemRuntime.instance().start("stop", () -> {
                    server.stop();
                    stopped.countDown();
                });
                etcd.resume();
                assertThat(late.orTimeout(60, java.util.concurrent.TimeUnit.SECONDS)
                                .join()
                                .code())
                        .isEqualTo(201);
                await().atMost(LIMIT).until(() -> stopped.getCount() == 0);
            }
        }
    }

    @Test
    void whoLeavesTakesHisAddressAlong() {
        try (EmbeddedApiServer server = EmbeddedApiServer.start()) {
            await().atMost(LIMIT).until(() -> isThere(server));
            server.stop();
            assertThat(isThere(server)).isFalse();
        }
    }

    private static boolean isThere(EmbeddedApiServer server) {
        return !server.store()
                .range(RangeRequest.prefix(ByteString.copyFromUtf8("/registry/masterleases/")))
                .join()
                .entries()
                .isEmpty();
    }

    @Test
    void countsByTheLabelsThatDashboardsAskFor() {
        try (EmbeddedApiServer server = EmbeddedApiServer.start();
                RestClient client = RestClient.admin(server)) {
            client.post(MAPS + "?dryRun=All", "{\"metadata\":{\"name\":\"a\"}}");
            client.get(MAPS);
            String metrics = client.get("/metrics").text();
            assertThat(metrics)
                    .contains(
                            "apiserver_request_total{code=\"201\",component=\"apiserver\",dry_run=\"All\",group=\"\","
                                    + "resource=\"configmaps\",scope=\"resource\",subresource=\"\",system_client=\"\",verb=\"POST\",version=\"v1\"}")
                    .contains(
                            "apiserver_request_duration_seconds_count{component=\"apiserver\",dry_run=\"\",group=\"\","
                                    + "resource=\"configmaps\",scope=\"namespace\",subresource=\"\",verb=\"LIST\",version=\"v1\"}")
                    .contains("apiserver_storage_objects{resource=\"namespaces\"} 4");
            assertThat(client.get("/readyz?verbose&exclude=etcd&exclude=nothing")
                            .text())
                    .contains("[+]etcd excluded: ok\n")
                    .contains("warn: some health checks cannot be excluded: no matches for \"nothing\"\n")
                    .endsWith("readyz check passed\n");
            assertThat(client.get("/livez/ping").text()).isEqualTo("ok");
        }
    }
}
