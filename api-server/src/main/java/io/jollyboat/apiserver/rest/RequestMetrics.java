package io.jollyboat.apiserver.rest;

import io.jollyboat.apiserver.discovery.ServedKinds;
import io.jollyboat.apiserver.request.RequestInfo;
import io.jollyboat.metrics.Metrics;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.Set;

/** Counts requests and how long they took, by upstream's names and labels. */
final class RequestMetrics {
    private static final String COMPONENT = "apiserver";
    private static final String SELF = "kube-apiserver";
    private static final Set<String> SYSTEM =
            Set.of(SELF, "kube-controller-manager", "kube-scheduler", "cluster-policy-controller");
    private static final double[] SECONDS = {
        0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60
    };
    private static final double[] SIZES = {1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete", "head", "options");

    private final ServedKinds kinds;
    private final Counter total;
    private final Histogram seconds;
    private final Histogram sizes;
    private final Gauge lasting;
    private final Gauge deprecated;
    private final Counter own;

    RequestMetrics(Metrics metrics, ServedKinds kinds) {
        this.kinds = kinds;
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
                "code",
                "system_client");
        this.sizes = metrics.histogram(
                "apiserver_response_sizes",
                "Bytes of answers to reads.",
                SIZES,
                "verb",
                "group",
                "version",
                "resource",
                "subresource",
                "scope",
                "component");
        this.lasting = metrics.gauge(
                "apiserver_longrunning_requests",
                "Requests under way that may last.",
                "verb",
                "group",
                "version",
                "resource",
                "subresource",
                "scope",
                "component");
        this.deprecated = metrics.gauge(
                "apiserver_requested_deprecated_apis",
                "Deprecated resources that were asked for.",
                "group",
                "version",
                "resource",
                "subresource",
                "removed_release");
        this.own = metrics.counter(
                "apiserver_selfrequest_total", "Requests of API servers.", "verb", "group", "resource", "subresource");
        this.seconds = metrics.histogram(
                "apiserver_request_duration_seconds",
                "From a request's arrival to the end of its answer, watches left out.",
                SECONDS,
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
        String client = systemClient(exchange.header("User-Agent"));
        total.labelValues(
                        verb,
                        dryRun,
                        group,
                        version,
                        resource,
                        subresource,
                        scope,
                        COMPONENT,
                        Integer.toString(exchange.code()),
                        client)
                .inc();
        if (client.equals(SELF)) {
            own.labelValues(verb, group, resource, subresource).inc();
        }
        if (known && isDeprecated(info)) {
            deprecated.labelValues(group, version, resource, subresource, "").set(1);
        }
        if (info.resourceRequest() && (verb.equals("GET") || verb.equals("LIST"))) {
            sizes.labelValues(verb, group, version, resource, subresource, scope, COMPONENT)
                    .observe((double) exchange.answerBytes());
        }
        if (info.resourceRequest() && !info.verb().equals("watch")) {
            seconds.labelValues(verb, dryRun, group, version, resource, subresource, scope, COMPONENT)
                    .observe(nanos / 1e9);
        }
    }

    /** A request that may last has begun, or ended. */
    void lasting(RequestInfo info, HttpExchange exchange, int change) {
        String apiVersion = info.group().isEmpty() ? info.version() : info.group() + "/" + info.version();
        if (info.resourceRequest() && kinds.find(apiVersion, info.resource()).isPresent()) {
            lasting.labelValues(
                            verb(info, exchange),
                            info.group(),
                            info.version(),
                            info.resource(),
                            info.subresource(),
                            scope(info),
                            COMPONENT)
                    .inc(change);
        }
    }

    private static boolean isDeprecated(RequestInfo info) {
        return info.group().isEmpty()
                && (info.resource().equals("endpoints") || info.resource().equals("componentstatuses"));
    }

    /** The part of a cluster that asks; empty for others. */
    private static String systemClient(String agent) {
        int slash = agent == null ? -1 : agent.indexOf('/');
        String name = slash < 0 ? "" : agent.substring(0, slash);
        return SYSTEM.contains(name) ? name : "";
    }

    private static String scope(RequestInfo info) {
        boolean one = !info.name().isEmpty() || info.verb().equals("create");
        return one ? "resource" : info.namespace().isEmpty() ? "cluster" : "namespace";
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
