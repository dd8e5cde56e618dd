package io.jollyboat.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.jollyboat.log.Log;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Answers health questions as upstream words them. The JDK's server: nothing else that speaks HTTP starts as fast or is
 * as small. With TLS, {@code /metrics} is for callers with a client certificate only.
 */
public final class HealthServer implements AutoCloseable {
    private static final Log LOG = Log.of(HealthServer.class);
    private static final int BACKLOG = 64;

    private final InetSocketAddress address;
    private final Optional<SSLContext> tls;
    private final Health health;
    private final Metrics metrics;
    private final Runtime runtime;
    private HttpServer server;

    /** @param tls trusts the CA of those who may read the metrics; empty: plain HTTP, for loopback only */
    public HealthServer(
            InetSocketAddress address, Optional<SSLContext> tls, Health health, Metrics metrics, Runtime runtime) {
        this.address = address;
        this.tls = tls;
        this.health = health;
        this.metrics = metrics;
        this.runtime = runtime;
    }

    /** @throws IOException a BindException when the address is in use */
    public synchronized void start() throws IOException {
        // Head and body go out in two writes; without this the second waits for an acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        server = tls.isPresent() ? https(tls.get()) : HttpServer.create(address, BACKLOG);
        server.setExecutor(task -> runtime.start("health", task));
        server.createContext("/", this::answer);
        server.start();
    }

    /** The port in use, when the address left it open. */
    public synchronized int port() {
        return server.getAddress().getPort();
    }

    @Override
    public synchronized void close() {
        if (server != null) {
            server.stop(0);
        }
    }

    private HttpServer https(SSLContext context) throws IOException {
        HttpsServer https = HttpsServer.create(address, BACKLOG);
        https.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters ssl = context.getDefaultSSLParameters();
                ssl.setWantClientAuth(true);
                // Before, a client may begin one handshake after the other, and the JDK's server would take part.
                ssl.setProtocols(new String[] {"TLSv1.3"});
                parameters.setSSLParameters(ssl);
            }
        });
        return https;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (!exchange.getRequestMethod().equals("GET")
                    && !exchange.getRequestMethod().equals("HEAD")) {
                send(exchange, 405, "method not allowed\n");
            } else if (path.equals("/metrics")) {
                sendMetrics(exchange);
            } else {
                sendHealth(exchange, path);
            }
        } catch (IOException e) {
            LOG.debug("caller went away", "path", exchange.getRequestURI(), "error", e.toString());
        }
    }

    private void sendMetrics(HttpExchange exchange) throws IOException {
        if (exchange instanceof HttpsExchange https && !hasCertificate(https)) {
            send(exchange, 401, "a client certificate is needed\n");
            return;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream(16 << 10);
        metrics.write(body);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        send(exchange, 200, body.toByteArray());
    }

    private static boolean hasCertificate(HttpsExchange exchange) {
        try {
            return exchange.getSSLSession().getPeerCertificates().length > 0;
        } catch (SSLPeerUnverifiedException e) {
            return false;
        }
    }

    private void sendHealth(HttpExchange exchange, String path) throws IOException {
        int slash = path.indexOf('/', 1);
        String kind = slash < 0 ? path.substring(1) : path.substring(1, slash);
        List<Health.Named> checks = switch (kind) {
            case "healthz", "livez" -> health.live();
            case "readyz" -> health.ready();
            default -> List.of();
        };
        if (slash > 0) {
            String only = path.substring(slash + 1);
            checks = checks.stream().filter(c -> c.name().equals(only)).toList();
        }
        if (checks.isEmpty()) {
            send(exchange, 404, "404 page not found\n");
            return;
        }
        String query = exchange.getRequestURI().getQuery();
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        sendChecks(exchange, kind, checks, query != null && query.contains("verbose"));
    }

    private static void sendChecks(HttpExchange exchange, String kind, List<Health.Named> checks, boolean verbose)
            throws IOException {
        StringBuilder report = new StringBuilder();
        boolean failed = false;
        for (Health.Named named : checks) {
            Optional<String> failure = named.check().failure();
            failed |= failure.isPresent();
            report.append(failure.isPresent() ? "[-]" : "[+]")
                    .append(named.name())
                    .append(failure.map(f -> " failed: " + f + "\n").orElse(" ok\n"));
        }
        if (failed) {
            send(exchange, 500, report + kind + " check failed\n");
        } else {
            send(exchange, 200, verbose ? report + kind + " check passed\n" : "ok");
        }
    }

    private static void send(HttpExchange exchange, int code, String body) throws IOException {
        send(exchange, code, body.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int code, byte[] body) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(code, head || body.length == 0 ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }
}
