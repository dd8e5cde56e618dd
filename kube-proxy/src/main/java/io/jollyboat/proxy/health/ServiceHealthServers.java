package io.jollyboat.proxy.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.log.Log;
import io.jollyboat.proxy.rules.ServiceRules;
import io.jollyboat.proxy.sync.SyncStatus;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * For each load-balanced Service with {@code externalTrafficPolicy: Local}, a port where the balancer asks whether this
 * node has endpoints. Called by the sync loop's thread.
 */
public final class ServiceHealthServers implements AutoCloseable {
    private static final Log LOG = Log.of(ServiceHealthServers.class);
    private static final int BACKLOG = 16;

    private final SyncStatus status;
    private final Runtime runtime;
    private final Map<ObjectKey, Running> servers = new HashMap<>();

    public ServiceHealthServers(SyncStatus status, Runtime runtime) {
        this.status = status;
        this.runtime = runtime;
    }

    private static final class Running {
        private final HttpServer server;
        private volatile int localEndpoints;

        Running(HttpServer server) {
            this.server = server;
        }

        int port() {
            return server.getAddress().getPort();
        }
    }

    /** The Service's rules as they are in force now. */
    public void apply(ObjectKey service, ServiceRules rules) {
        Running running = servers.get(service);
        if (running != null && running.port() != rules.healthCheckPort()) {
            running.server.stop(0);
            servers.remove(service);
            running = null;
        }
        if (rules.healthCheckPort() != 0) {
            if (running == null) {
                running = start(service, rules.healthCheckPort());
            }
            if (running != null) {
                running.localEndpoints = rules.localReady();
            }
        }
    }

    private Running start(ObjectKey service, int port) {
        try {
            Running running = new Running(HttpServer.create(new InetSocketAddress(port), BACKLOG));
            running.server.setExecutor(task -> runtime.start("service-health", task));
            running.server.createContext("/", exchange -> answer(exchange, service, running.localEndpoints));
            running.server.start();
            servers.put(service, running);
            return running;
        } catch (IOException e) {
            LOG.error("the health check port of a Service cannot be opened", e, "key", service, "port", port);
            return null;
        }
    }

    private void answer(HttpExchange exchange, ObjectKey service, int localEndpoints) throws IOException {
        boolean healthy = status.healthy();
        exchange.getResponseHeaders().set("X-Load-Balancing-Endpoint-Weight", Integer.toString(localEndpoints));
        String body = "{\n\t\"service\": {\n\t\t\"namespace\": \"" + service.namespace() + "\",\n\t\t\"name\": \""
                + service.name() + "\"\n\t},\n\t\"localEndpoints\": " + localEndpoints
                + ",\n\t\"serviceProxyHealthy\": " + healthy + "\n}";
        ProxyHealthServer.send(exchange, localEndpoints > 0 && healthy ? 200 : 503, body);
    }

    @Override
    public void close() {
        servers.values().forEach(running -> running.server.stop(0));
        servers.clear();
    }
}
