package io.jollyboat.apiserver.rest;

import io.jollyboat.apiserver.outbound.CallException;
import io.jollyboat.apiserver.outbound.Dialer;
import io.jollyboat.apiserver.outbound.HttpCaller;
import io.jollyboat.apiserver.outbound.HttpCaller.Streamed;
import io.jollyboat.apiserver.outbound.Peer;
import io.jollyboat.apiserver.outbound.Trust;
import io.jollyboat.apiserver.request.RequestInfo;
import io.jollyboat.apiserver.request.Target;
import io.jollyboat.errors.ApiException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Passes requests on to nodes, pods and Services, and rewrites what leads back, as upstream's proxy does. */
final class ServiceProxy {
    private static final int MAX_PAGE_BYTES = 16 * 1024 * 1024;
    /** An encoding would hide the links of a page. */
    private static final Set<String> NOT_SENT = ProxiedCall.notSent("accept-encoding");

    private static final Set<String> NOT_SENT_WITH_UPGRADE = Set.of("host", "authorization");
    private static final Set<String> NOT_RETURNED = ProxiedCall.notReturned("location");

    private final ServiceLocator places;
    private final HttpCaller caller;
    private final KubeletTunnel tunnel;
    private final Trust kubelets;

    /** @param kubelets how kubelets are called */
    ServiceProxy(ServiceLocator places, HttpCaller caller, KubeletTunnel tunnel, Trust kubelets) {
        this.places = places;
        this.caller = caller;
        this.tunnel = tunnel;
        this.kubelets = kubelets;
    }

    void handle(HttpExchange exchange, RequestInfo info, Target target) throws InterruptedException {
        ServiceLocator.Place place = places.find(target);
        String uri = exchange.uri();
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        int end = endOfPlace(path, info.namespace().isEmpty() ? 5 : 7);
        String prefix = path.substring(0, end);
        String rest = path.substring(end);
        boolean reads = exchange.method().equals("GET") || exchange.method().equals("HEAD");
        if (rest.isEmpty() && reads && !exchange.wantsUpgrade()) {
            exchange.reply(Reply.empty(301).with("Location", path + "/" + (query < 0 ? "" : uri.substring(query))));
            return;
        }
        String asked = (rest.isEmpty() ? "/" : rest) + (query < 0 ? "" : uri.substring(query));
        String host = exchange.header("Host") == null ? place.address().toString() : exchange.header("Host");
        Trust trust = switch (place.speech()) {
            case PLAIN -> null;
            case TLS -> Trust.anyone(() -> null);
            case KUBELET -> kubelets;
        };
        Peer peer = new Peer(
                host,
                place.address().host(),
                Dialer.to(place.address().host(), place.address().port()),
                trust);
        try {
            if (exchange.wantsUpgrade()) {
                List<Map.Entry<String, String>> headers = ProxiedCall.headers(exchange, NOT_SENT_WITH_UPGRADE);
                ProxiedCall.upgrade(exchange, caller, tunnel, peer, asked, headers);
            } else {
                pass(
                        exchange,
                        peer,
                        asked,
                        new ProxyLinks(prefix, place.address().toString(), host));
            }
        } catch (CallException e) {
            if (exchange.answered()) {
                exchange.abort();
                return;
            }
            throw exchange.wantsUpgrade()
                    ? ApiException.of(500, "", "error dialing backend: " + e.getMessage())
                    : ApiException.of(503, "ServiceUnavailable", "error trying to reach service: " + e.getMessage());
        }
    }

    /** Where {@code /api/v1/namespaces/NAMESPACE/RESOURCE/NAME/proxy} ends; any of the names may be "proxy" too. */
    private static int endOfPlace(String path, int segments) {
        int end = 0;
        for (int segment = 0; segment < segments && end >= 0; segment++) {
            end = path.indexOf('/', end + 1);
        }
        return end < 0 ? path.length() : end;
    }

    private void pass(HttpExchange exchange, Peer peer, String path, ProxyLinks links)
            throws CallException, InterruptedException {
        List<Map.Entry<String, String>> headers = ProxiedCall.headers(exchange, NOT_SENT);
        headers.add(Map.entry("X-Forwarded-Uri", links.forwarded(path)));
        try (Streamed answer = caller.once(peer, exchange.method(), path, headers, exchange.body())) {
            exchange.onGone(() -> answer.connection().close());
            for (Map.Entry<String, String> header : answer.head().headers()) {
                if (!NOT_RETURNED.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                    exchange.addHeader(header.getKey(), header.getValue());
                }
            }
            String location = answer.head().header("Location");
            if (location != null) {
                exchange.addHeader("Location", links.rewritten(location));
            }
            String type = answer.head().header("Content-Type");
            boolean page = location == null
                    && type != null
                    && type.split(";", 2)[0].strip().equals("text/html")
                    && answer.head().header("Content-Encoding") == null;
            int code = answer.head().code();
            if (code == 204 || code == 304) {
                exchange.reply(Reply.empty(code));
                return;
            }
            exchange.begin(code, type);
            copy(exchange, answer.body(), page ? links : null);
        } catch (IOException e) {
            exchange.abort();
        }
    }

    private static void copy(HttpExchange exchange, InputStream body, ProxyLinks links)
            throws IOException, InterruptedException {
        if (links != null) {
            byte[] whole = body.readNBytes(MAX_PAGE_BYTES);
            byte[] page = whole.length == MAX_PAGE_BYTES ? whole : links.page(whole);
            if (page.length > 0 && !exchange.write(page)) {
                return;
            }
        }
        ProxiedCall.copy(exchange, body);
    }
}
