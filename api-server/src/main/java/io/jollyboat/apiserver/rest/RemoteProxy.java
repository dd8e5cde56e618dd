package io.jollyboat.apiserver.rest;

import io.jollyboat.apiserver.aggregation.ProxyHeaders;
import io.jollyboat.apiserver.aggregation.RemoteApi;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.outbound.CallException;
import io.jollyboat.apiserver.outbound.Content;
import io.jollyboat.apiserver.outbound.HttpCaller;
import io.jollyboat.apiserver.outbound.HttpCaller.Streamed;
import io.jollyboat.apiserver.outbound.Peer;
import io.jollyboat.apiserver.request.RequestInfo;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** Hands requests on to other API servers, which are told whose they are, and their answers back as they come. */
final class RemoteProxy {
    private static final Duration DISCOVERY_TIME = Duration.ofSeconds(5);

    private static final Set<String> NOT_SENT = ProxiedCall.notSent("expect", "audit-id");

    private static final Set<String> NOT_SENT_WITH_UPGRADE = Set.of("host", "audit-id", "authorization");

    private static final Set<String> NOT_RETURNED = ProxiedCall.notReturned("audit-id");

    private final Runtime runtime;
    private final HttpCaller caller;
    private final KubeletTunnel tunnel;

    RemoteProxy(Runtime runtime, HttpCaller caller, KubeletTunnel tunnel) {
        this.runtime = runtime;
        this.caller = caller;
        this.tunnel = tunnel;
    }

    void handle(HttpExchange exchange, RequestInfo info, RemoteApi api, UserInfo user) throws InterruptedException {
        if (!api.available()) {
            throw plain(503, "service unavailable");
        }
        Peer peer = api.server().peer();
        if (peer == null) {
            throw plain(500, api.server().trouble());
        }
        try {
            // Where there is nobody the client hears no more than that.
            api.server().address();
        } catch (CallException e) {
            throw plain(503, "service unavailable");
        }
        if (info.verb().equals("watch")) {
            // When it has sent what there was when it came is not known here.
            exchange.settled();
        }
        AtomicBoolean late = new AtomicBoolean();
        try {
            if (exchange.wantsUpgrade()) {
                List<Map.Entry<String, String>> headers = headers(exchange, user, NOT_SENT_WITH_UPGRADE);
                ProxiedCall.upgrade(exchange, caller, tunnel, peer, exchange.uri(), headers);
            } else {
                pass(exchange, peer, user, isDiscovery(info), late);
            }
        } catch (CallException e) {
            if (exchange.answered()) {
                exchange.abort();
                return;
            }
            throw plain(
                    503,
                    "error trying to reach service: " + (late.get() ? "context deadline exceeded" : e.getMessage()));
        }
    }

    private static PlainReply plain(int code, String text) {
        return new PlainReply(Reply.text(code, text + "\n"));
    }

    private static boolean isDiscovery(RequestInfo info) {
        return !info.resourceRequest()
                && Arrays.stream(info.path().split("/"))
                                .filter(part -> !part.isEmpty())
                                .count()
                        == 3;
    }

    private void pass(HttpExchange exchange, Peer peer, UserInfo user, boolean discovery, AtomicBoolean late)
            throws CallException, InterruptedException {
        List<Map.Entry<String, String>> headers = headers(exchange, user, NOT_SENT);
        boolean harmless =
                (exchange.method().equals("GET") || exchange.method().equals("HEAD")) && exchange.body().length == 0;
        Runtime.Timer timer = null;
        try (HttpCaller.Giving giving = new HttpCaller.Giving()) {
            if (discovery) {
                timer = runtime.schedule(DISCOVERY_TIME, () -> {
                    late.set(true);
                    giving.up();
                });
            }
            exchange.onGone(giving::up);
            exchange.onExpired(giving::up);
            try (Streamed answer = harmless
                    ? caller.again(peer, exchange.method(), exchange.uri(), headers, giving)
                    : caller.streaming(peer, exchange.method(), exchange.uri(), headers, content(exchange), giving)) {
                answer(exchange, answer);
            }
        } catch (IOException e) {
            exchange.abort();
        } finally {
            if (timer != null) {
                timer.cancel();
            }
        }
    }

    private static Content content(HttpExchange exchange) {
        String length = exchange.header("Content-Length");
        try {
            return new Content(exchange.incomingBody().stream(), length == null ? -1 : Long.parseLong(length));
        } catch (NumberFormatException e) {
            throw plain(400, "bad Content-Length");
        }
    }

    private static void answer(HttpExchange exchange, Streamed answer) throws IOException, InterruptedException {
        int code = answer.head().code();
        if (code >= 300 && code <= 399 && answer.head().header("Location") != null) {
            exchange.reply(new Reply(
                    502,
                    "text/plain; charset=utf-8",
                    Map.of(),
                    List.of("the backend attempted to redirect this request, which is not permitted"
                            .getBytes(StandardCharsets.UTF_8))));
            return;
        }
        for (Map.Entry<String, String> header : answer.head().headers()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!NOT_RETURNED.contains(name) && !name.startsWith("access-control-")) {
                exchange.addHeader(header.getKey(), header.getValue());
            }
        }
        if (code == 204 || code == 304) {
            exchange.reply(Reply.empty(code));
            return;
        }
        exchange.begin(code, answer.head().header("Content-Type"));
        ProxiedCall.copy(exchange, answer.body());
    }

    private static List<Map.Entry<String, String>> headers(HttpExchange exchange, UserInfo user, Set<String> without) {
        List<Map.Entry<String, String>> headers = ProxiedCall.headers(exchange, without);
        headers.removeIf(header -> ProxyHeaders.isOne(header.getKey()));
        headers.addAll(ProxyHeaders.of(user));
        exchange.replyHeader("Audit-Id").ifPresent(id -> headers.add(Map.entry("Audit-Id", id)));
        int query = exchange.uri().indexOf('?');
        headers.add(Map.entry(
                "X-Forwarded-Uri", query < 0 ? exchange.uri() : exchange.uri().substring(0, query)));
        String host = exchange.header("Host");
        if (host != null) {
            headers.add(Map.entry("X-Forwarded-Host", host));
        }
        headers.add(Map.entry("X-Forwarded-Proto", "https"));
        return headers;
    }
}
