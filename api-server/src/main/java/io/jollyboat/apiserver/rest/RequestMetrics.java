package io.jollyboat.apiserver.rest;

import io.jollyboat.apiserver.request.RequestInfo;
import io.jollyboat.metrics.Metrics;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;

/** Counts requests and how long they took, by upstream's names. */
final class RequestMetrics {
    private final Counter total;
    private final Histogram seconds;

    RequestMetrics(Metrics metrics) {
        this.total = metrics.counter(
                "apiserver_request_total", "Requests answered.", "verb", "group", "version", "resource", "code");
        this.seconds = metrics.seconds(
                "apiserver_request_duration_seconds",
                "From a request's arrival to the end of its answer, watches left out.",
                "verb",
                "group",
                "resource");
    }

    /** @param info null when the request could not be read */
    void done(RequestInfo info, HttpExchange exchange, long nanos) {
        if (info == null) {
            return;
        }
        String code = Integer.toString(exchange.code());
        // Names that clients make up must not become labels.
        boolean known = exchange.code() != 404;
        String resource = known ? info.resource() : "";
        total.labelValues(verb(info), known ? info.group() : "", known ? info.version() : "", resource, code)
                .inc();
        if (info.resourceRequest() && !info.verb().equals("watch")) {
            seconds.labelValues(verb(info), known ? info.group() : "", resource).observe(nanos / 1e9);
        }
    }

    private static String verb(RequestInfo info) {
        return info.resourceRequest() ? info.verb().toUpperCase(java.util.Locale.ROOT) : "OTHER";
    }
}
