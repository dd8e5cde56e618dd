package io.jollyboat.apiserver.rest;

import io.jollyboat.api.meta.v1.RootPaths;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.discovery.ServerVersion;
import io.jollyboat.apiserver.request.RequestInfo;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.metrics.Metrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Requests about the server itself. */
final class NonResourceHandler {
    private static final String JSON = "application/json";
    private static final Set<String> HEALTH = Set.of("livez", "readyz", "healthz");

    private final DiscoveryHandler discovery;
    private final HealthChecks health;
    private final Metrics metrics;
    private final OpenApiHandler openApi;
    private final Map<String, Supplier<byte[]>> documents;

    /** @param documents JSON by path, such as those of OpenID discovery */
    NonResourceHandler(
            DiscoveryHandler discovery,
            HealthChecks health,
            Metrics metrics,
            OpenApiHandler openApi,
            Map<String, Supplier<byte[]>> documents) {
        this.discovery = discovery;
        this.health = health;
        this.metrics = metrics;
        this.openApi = openApi;
        this.documents = Map.copyOf(documents);
    }

    void handle(HttpExchange exchange, RequestInfo info, UserInfo user) throws InterruptedException {
        List<String> parts = Arrays.stream(info.path().split("/"))
                .filter(part -> !part.isEmpty())
                .toList();
        String first = parts.isEmpty() ? "" : parts.getFirst();
        boolean known = isKnown(first, parts, info.path());
        if (!known) {
            throw new PlainReply(PlainReply.NOT_FOUND);
        }
        if (!exchange.method().equals("GET")) {
            throw Routing.methodNotAllowed();
        }
        Supplier<byte[]> document = documents.get(stripped(info.path()));
        if (document != null) {
            exchange.reply(Reply.of(200, JSON, document.get()));
        } else if (HEALTH.contains(first)) {
            health(exchange, parts);
        } else {
            switch (first) {
                case "" -> root(exchange);
                case "api", "apis" -> discovery.handle(exchange, parts);
                case "version" -> exchange.reply(Reply.of(200, JSON, ServerVersion.json()));
                case "metrics" -> metrics(exchange);
                default -> openApi.handle(exchange, parts);
            }
        }
    }

    private boolean isKnown(String first, List<String> parts, String path) {
        return switch (first) {
            case "", "api", "apis", "openapi" -> true;
            case "version", "metrics" -> parts.size() == 1;
            default -> HEALTH.contains(first) || documents.containsKey(stripped(path));
        };
    }

    private static String stripped(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private void health(HttpExchange exchange, List<String> parts) {
        String single = String.join("/", parts.subList(1, parts.size()));
        Reply reply = health.answer(
                parts.getFirst(),
                single,
                exchange.query().has("verbose"),
                new HashSet<>(exchange.query().all("exclude")));
        exchange.addHeader("X-Content-Type-Options", "nosniff");
        exchange.reply(reply);
    }

    private void metrics(HttpExchange exchange) throws InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            metrics.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // an array takes everything
        }
        LargeReply.send(exchange, "text/plain; version=0.0.4; charset=utf-8", List.of(out.toByteArray()));
    }

    private void root(HttpExchange exchange) {
        List<String> paths = new ArrayList<>(discovery.paths());
        HEALTH.forEach(name -> paths.add("/" + name));
        paths.addAll(documents.keySet());
        paths.addAll(List.of("/metrics", "/openapi/v2", "/openapi/v3", "/version"));
        paths.sort(null);
        RootPaths root = RootPaths.newBuilder().addAllPaths(paths).build();
        exchange.reply(Reply.of(200, JSON, JsonCodec.encode(root, null, null)));
    }
}
