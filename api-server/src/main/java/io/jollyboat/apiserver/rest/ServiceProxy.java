package io.jollyboat.apiserver.rest;

import io.jollyboat.apiserver.outbound.CallException;
import io.jollyboat.apiserver.outbound.Connection;
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
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Passes requests on to pods and Services, and rewrites what leads back, as upstream's proxy does. */
final class ServiceProxy {
    private static final int PIECE_BYTES = 16 * 1024;
    private static final int MAX_PAGE_BYTES = 16 * 1024 * 1024;
    /** Between two neighbours only, or the API server's own. An encoding would hide the links of a page. */
    private static final Set<String> NOT_SENT = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings",
            "host",
            "content-length",
            "accept-encoding",
            "authorization");

    private static final Set<String> NOT_RETURNED = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "content-length",
            "content-type",
            "location");

    private final ServiceLocator places;
    private final HttpCaller caller;
    private final KubeletTunnel tunnel;

    ServiceProxy(ServiceLocator places, HttpCaller caller, KubeletTunnel tunnel) {
        this.places = places;
        this.caller = caller;
        this.tunnel = tunnel;
    }

    void handle(HttpExchange exchange, RequestInfo info, Target target) throws InterruptedException {
        ServiceLocator.Place place = places.find(target);
        String uri = exchange.uri();
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        int end = endOfPlace(path);
        String prefix = path.substring(0, end);
        String rest = path.substring(end);
        boolean reads = exchange.method().equals("GET") || exchange.method().equals("HEAD");
        if (rest.isEmpty() && reads && !exchange.wantsUpgrade()) {
            exchange.reply(Reply.empty(301).with("Location", path + "/" + (query < 0 ? "" : uri.substring(query))));
            return;
        }
        String asked = (rest.isEmpty() ? "/" : rest) + (query < 0 ? "" : uri.substring(query));
        String host = exchange.header("Host") == null ? place.address().toString() : exchange.header("Host");
        Trust trust = place.secure() ? Trust.anyone(() -> null) : null;
        Peer peer = new Peer(
                host,
                place.address().host(),
                Dialer.to(place.address().host(), place.address().port()),
                trust);
        try {
            if (exchange.wantsUpgrade()) {
                upgrade(exchange, peer, asked);
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
            throw ApiException.of(503, "ServiceUnavailable", "error trying to reach service: " + e.getMessage());
        }
    }

    /** Where {@code /api/v1/namespaces/NAMESPACE/RESOURCE/NAME/proxy} ends; any of the names may be "proxy" too. */
    private static int endOfPlace(String path) {
        int end = 0;
        for (int segment = 0; segment < 7 && end >= 0; segment++) {
            end = path.indexOf('/', end + 1);
        }
        return end < 0 ? path.length() : end;
    }

    private void pass(HttpExchange exchange, Peer peer, String path, ProxyLinks links)
            throws CallException, InterruptedException {
        List<Map.Entry<String, String>> headers = headers(exchange, NOT_SENT);
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
        byte[] piece = new byte[PIECE_BYTES];
        for (int length = body.read(piece); length >= 0; length = body.read(piece)) {
            if (length > 0 && !exchange.write(Arrays.copyOf(piece, length))) {
                return;
            }
        }
        exchange.end();
    }

    private void upgrade(HttpExchange exchange, Peer peer, String path) throws CallException, InterruptedException {
        StringBuilder head =
                new StringBuilder(exchange.method() + " " + path + " HTTP/1.1\r\nHost: " + peer.authority() + "\r\n");
        for (Map.Entry<String, String> header : headers(exchange, Set.of("host", "authorization"))) {
            head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
        try (Connection connection = caller.open(peer)) {
            connection
                    .socket()
                    .getOutputStream()
                    .write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            connection.socket().getOutputStream().write(exchange.body());
            connection.socket().getOutputStream().flush();
            tunnel.relay(exchange, connection.socket());
        } catch (IOException e) {
            throw new CallException(String.valueOf(e.getMessage()));
        }
    }

    /** Those of the client that are sent on, without the ones named (in lower case). */
    static List<Map.Entry<String, String>> headers(HttpExchange exchange, Set<String> without) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        String forwarded = "";
        for (Map.Entry<String, String> header : exchange.headers()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.equals("x-forwarded-for")) {
                forwarded = header.getValue() + ", ";
            } else if (!without.contains(name) && !name.startsWith("impersonate-") && !name.startsWith("x-http2-")) {
                headers.add(Map.entry(header.getKey(), header.getValue()));
            }
        }
        if (exchange.context().channel().remoteAddress() instanceof InetSocketAddress client) {
            headers.add(
                    Map.entry("X-Forwarded-For", forwarded + client.getAddress().getHostAddress()));
        }
        return headers;
    }
}
