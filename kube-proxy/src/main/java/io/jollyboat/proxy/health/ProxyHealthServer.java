package io.jollyboat.proxy.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jollyboat.proxy.sync.SyncStatus;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/** {@code /healthz} and {@code /livez} of the proxy, as upstream answers them. */
public final class ProxyHealthServer implements AutoCloseable {
    private static final int BACKLOG = 64;
    private static final DateTimeFormatter GO_TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss.SSSSSSSSS +0000 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final InetSocketAddress address;
    private final SyncStatus status;
    private final BooleanSupplier nodeEligible;
    private final Runtime runtime;
    private HttpServer server;

    /** @param nodeEligible whether load balancers should send new connections to this node */
    public ProxyHealthServer(
            InetSocketAddress address, SyncStatus status, BooleanSupplier nodeEligible, Runtime runtime) {
        this.address = address;
        this.status = status;
        this.nodeEligible = nodeEligible;
        this.runtime = runtime;
    }

    public void start() throws IOException {
        server = HttpServer.create(address, BACKLOG);
        server.setExecutor(task -> runtime.start("proxy-health", task));
        server.createContext("/healthz", exchange -> answer(exchange, true));
        server.createContext("/livez", exchange -> answer(exchange, false));
        server.start();
    }

    /** The port in use, when the address left it open. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange, boolean withEligibility) throws IOException {
        boolean healthy = status.healthy();
        boolean eligible = nodeEligible.getAsBoolean();
        Instant now = runtime.now();
        String body = "{\"lastUpdated\": \"" + GO_TIME.format(healthy ? now : status.lastUpdated())
                + "\",\"currentTime\": \"" + GO_TIME.format(now) + "\""
                + (withEligibility ? ", \"nodeEligible\": " + eligible : "") + "}";
        send(exchange, healthy && (eligible || !withEligibility) ? 200 : 503, body);
    }

    static void send(HttpExchange exchange, int code, String body) throws IOException {
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.sendResponseHeaders(code, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop(0);
        }
    }
}
