package io.jollyboat.apiserver.rest;

import io.jollyboat.apiserver.outbound.CallException;
import io.jollyboat.apiserver.outbound.Connection;
import io.jollyboat.apiserver.outbound.HttpCaller;
import io.jollyboat.apiserver.outbound.Peer;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the proxies of Services and of other API servers do alike with requests that they pass on. */
final class ProxiedCall {
    private static final int PIECE_BYTES = 16 * 1024;

    private ProxiedCall() {}

    /** Headers that are not sent on: between two neighbours only, or the API server's own; in lower case. */
    static Set<String> notSent(String... more) {
        return union(
                more,
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
                "authorization");
    }

    /** Headers of answers that are not returned as they are; in lower case. */
    static Set<String> notReturned(String... more) {
        return union(
                more,
                "connection",
                "keep-alive",
                "proxy-authenticate",
                "trailer",
                "transfer-encoding",
                "upgrade",
                "content-length",
                "content-type");
    }

    private static Set<String> union(String[] more, String... all) {
        return Stream.concat(Stream.of(all), Stream.of(more)).collect(Collectors.toUnmodifiableSet());
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

    /** Sends what is left of a body, and ends the answer, unless the client has gone. */
    static void copy(HttpExchange exchange, InputStream body) throws IOException, InterruptedException {
        byte[] piece = new byte[PIECE_BYTES];
        for (int length = body.read(piece); length >= 0; length = body.read(piece)) {
            if (length > 0 && !exchange.write(Arrays.copyOf(piece, length))) {
                return;
            }
        }
        exchange.end();
    }

    /** Asks for the upgrade that the client asks for, and then passes bytes on both ways. */
    static void upgrade(
            HttpExchange exchange,
            HttpCaller caller,
            KubeletTunnel tunnel,
            Peer peer,
            String path,
            List<Map.Entry<String, String>> headers)
            throws CallException, InterruptedException {
        StringBuilder head = new StringBuilder(exchange.method())
                .append(' ')
                .append(path)
                .append(" HTTP/1.1\r\nHost: ")
                .append(peer.authority())
                .append("\r\n");
        for (Map.Entry<String, String> header : headers) {
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
}
