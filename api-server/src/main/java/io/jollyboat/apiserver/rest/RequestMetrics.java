package io.jollyboat.apiserver.rest;

import io.jollyboat.apiserver.request.RequestInfo;
import io.jollyboat.metrics.Metrics;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.Set;

/** Counts requests and how long they took, by upstream's names and labels. */
final class RequestMetrics {
    private static final String COMPONENT = "apiserver";
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete", "head", "options");

    private final Counter total;
    private final Histogram seconds;

    RequestMetrics(Metrics metrics) {
        this.total = metrics.counter(
                "apiserver_request_total",
                "Requests answered.",
                "verb",
                "dry_run",
                "group",
                "version",
                "resource",
                "subresource",
                "scope",
                "component",
                "code");
        this.seconds = metrics.seconds(
                "apiserver_request_duration_seconds",
                "From a request's arrival to the end of its answer, watches left out.",
                "verb",
                "dry_run",
                "group",
                "version",
                "resource",
                "subresource",
                "scope",
                "component");
    }

    /** @param info null when the request could not be read */
    void done(RequestInfo info, HttpExchange exchange, long nanos) {
        if (info == null) {
            return;
        }
        // Names that clients make up must not become labels.
        boolean known = exchange.code() != 404 && info.resourceRequest();
        String verb = verb(info, exchange);
        String dryRun = known ? exchange.query().text("dryRun") : "";
        String group = known ? info.group() : "";
        String version = known ? info.version() : "";
        String resource = known ? info.resource() : "";
        String subresource = known ? info.subresource() : "";
        String scope = known ? scope(info) : "";
        dryRun = dryRun.equals("All") ? dryRun : "";
        total.labelValues(
                        verb,
                        dryRun,
                        group,
                        version,
                        resource,
                        subresource,
                        scope,
                        COMPONENT,
                        Integer.toString(exchange.code()))
                .inc();
        if (info.resourceRequest() && !info.verb().equals("watch")) {
            seconds.labelValues(verb, dryRun, group, version, resource, subresource, scope, COMPONENT)
                    .observe(nanos / 1e9);
        }
    }

    private static String scope(RequestInfo info) {
        return !info.name().isEmpty() ? "resource" : info.namespace().isEmpty() ? "cluster" : "namespace";
    }

    private static String verb(RequestInfo info, HttpExchange exchange) {
        if (!info.resourceRequest()) {
            return METHODS.contains(info.verb()) ? info.verb().toUpperCase(java.util.Locale.ROOT) : "other";
        }
        return switch (info.subresource()) {
            case "exec", "attach", "portforward", "proxy" -> "CONNECT";
            default ->
                switch (info.verb()) {
                    case "create" -> "POST";
                    case "update" -> "PUT";
                    case "patch" -> isApply(exchange) ? "APPLY" : "PATCH";
                    case "get", "list", "watch", "delete", "deletecollection" ->
                        info.verb().toUpperCase(java.util.Locale.ROOT);
                    default -> "other";
                };
        };
    }

    private static boolean isApply(HttpExchange exchange) {
        String type = exchange.header("Content-Type");
        return type != null && type.startsWith("application/apply-patch");
    }
}
