package io.jollyboat.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.metrics.Metrics;
import io.jollyboat.metrics.ProcessMetrics;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.Pki;
import io.jollyboat.tls.TlsContexts;
import io.jollyboat.tls.TlsFiles;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void withTlsTheMetricsAreForCallersWithACertificate(@TempDir Path folder) throws Exception {
        Pki pki = new Pki(folder, SystemRuntime.instance()::now);
        pki.init(List.of("127.0.0.1"), List.of("127.0.0.1"));
        HealthServer secured = new HealthServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Optional.of(new TlsContexts(pki.apiServer()).jdk()),
                health,
                metrics,
                SystemRuntime.instance());
        try (secured) {
            secured.start();
            SSLContext stranger =
                    new TlsContexts(TlsFiles.trusting(pki.apiServer().authorities())).jdk();
            assertThat(getSecurely(stranger, secured, "/livez").body()).isEqualTo("ok");
            assertThat(getSecurely(stranger, secured, "/metrics").statusCode()).isEqualTo(401);
            SSLContext admin = new TlsContexts(pki.admin()).jdk();
            assertThat(getSecurely(admin, secured, "/metrics").statusCode()).isEqualTo(200);
        }
    }

    private static HttpResponse<String> getSecurely(SSLContext tls, HealthServer server, String path) throws Exception {
        try (HttpClient client = HttpClient.newBuilder().sslContext(tls).build()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
