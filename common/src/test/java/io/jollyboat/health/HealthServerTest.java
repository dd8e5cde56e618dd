package io.jollyboat.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.metrics.Metrics;
import io.jollyboat.metrics.ProcessMetrics;
import io.jollyboat.runtime.SystemRuntime;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HealthServerTest {
    private final AtomicBoolean synced = new AtomicBoolean();
    private final Health health = new Health();
    private final Metrics metrics = new Metrics();

    private HealthServer server(int port) {
        return new HealthServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                Optional.empty(),
                health,
                metrics,
                SystemRuntime.instance());
    }

    private static HttpResponse<String> get(HealthServer server, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void answersAsUpstreamWordsIt() throws Exception {
        health.addReadiness("informers", Health.Check.that(synced::get, "not synced"));
        ProcessMetrics.register(metrics);
        metrics.counter("things", "Things", "kind").labelValues("a").inc();
        try (HealthServer server = server(0)) {
            server.start();
            assertThat(get(server, "/livez").body()).isEqualTo("ok");
            HttpResponse<String> unready = get(server, "/readyz");
            assertThat(unready.statusCode()).isEqualTo(500);
            assertThat(unready.body()).isEqualTo("[+]ping ok\n[-]informers failed: not synced\nreadyz check failed\n");
            synced.set(true);
            assertThat(get(server, "/readyz").statusCode()).isEqualTo(200);
            assertThat(get(server, "/readyz?verbose").body())
                    .isEqualTo("[+]ping ok\n[+]informers ok\nreadyz check passed\n");
            assertThat(get(server, "/readyz/informers").body()).isEqualTo("ok");
            assertThat(get(server, "/readyz/none").statusCode()).isEqualTo(404);
            assertThat(get(server, "/").statusCode()).isEqualTo(404);
            assertThat(get(server, "/metrics").body())
                    .contains("things_total{kind=\"a\"} 1.0")
                    .contains("process_cpu_seconds_total")
                    .contains("process_resident_memory_bytes");
        }
    }

    @Test
    void aPortInUseIsABindException() throws Exception {
        try (HealthServer first = server(0)) {
            first.start();
            HealthServer second = server(first.port());
            assertThatThrownBy(second::start).isInstanceOf(BindException.class);
        }
    }
}
