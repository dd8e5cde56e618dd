package io.jollyboat.apiserver.webhook;

import com.google.protobuf.ByteString;
import io.jollyboat.apiserver.outbound.CallException;
import io.jollyboat.apiserver.outbound.Dialer;
import io.jollyboat.apiserver.outbound.HttpCaller;
import io.jollyboat.apiserver.outbound.HttpCaller.Answer;
import io.jollyboat.apiserver.outbound.Peer;
import io.jollyboat.apiserver.outbound.Trust;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Posts reviews to one webhook. */
final class HookClient {
    private static final int MAX_BYTES = 64 * 1024 * 1024;
    private static final int DEFAULT_PORT = 443;
    private static final List<Map.Entry<String, String>> HEADERS = List.of(
            Map.entry("User-Agent", "kube-apiserver-admission"),
            Map.entry("Accept", "application/json, */*"),
            Map.entry("Content-Type", "application/json"));

    private final HttpCaller caller;
    private final Peer peer;
    private final String path;

    private HookClient(HttpCaller caller, Peer peer, String path) {
        this.caller = caller;
        this.peer = peer;
        this.path = path.isEmpty() ? "/" : path.startsWith("/") ? path : "/" + path;
    }

    /** Where a webhook is; one of url and service is set. */
    record Location(String url, String namespace, String service, int port, String path, ByteString bundle) {}

    /** @throws CallException where the location cannot be called whatever happens */
    static HookClient of(Location location, HttpCaller caller, ServiceAddress services) throws CallException {
        Trust trust = Trust.of(location.bundle().toByteArray());
        if (!location.service().isEmpty()) {
            int port = location.port() == 0 ? DEFAULT_PORT : location.port();
            String name = location.service() + "." + location.namespace() + ".svc";
            Dialer dialer = () -> services.resolve(location.namespace(), location.service(), port);
            return new HookClient(caller, new Peer(name + ":" + port, name, dialer, trust), location.path());
        }
        if (location.url().isEmpty()) {
            throw new CallException("webhook configuration must have either service or URL");
        }
        try {
            URI url = new URI(location.url());
            if (url.getHost() == null || !"https".equals(url.getScheme())) {
                throw new CallException("Unparsable URL: " + location.url());
            }
            String host = url.getHost().replaceAll("^\\[|\\]$", "");
            int port = url.getPort() < 0 ? DEFAULT_PORT : url.getPort();
            String path = url.getRawPath() == null ? "" : url.getRawPath();
            return new HookClient(caller, new Peer(url.getRawAuthority(), host, Dialer.to(host, port), trust), path);
        } catch (URISyntaxException e) {
            throw new CallException("Unparsable URL: " + e.getMessage());
        }
    }

    Peer peer() {
        return peer;
    }

    /** The body of a successful answer; anything else is a failure. */
    byte[] post(byte[] review, Duration timeout) throws CallException, InterruptedException {
        String full = path + "?timeout=" + timeout.toSeconds() + "s";
        Answer answer;
        try {
            answer = caller.call(peer, "POST", full, HEADERS, review, timeout, MAX_BYTES);
        } catch (CallException e) {
            throw new CallException("Post \"" + peer.url(full) + "\": " + e.getMessage());
        }
        int code = answer.head().code();
        String type = answer.head().header("Content-Type");
        if (code < 200 || code > 206) {
            throw new CallException(ServerErrors.text(code, type, answer.body().toByteArray()), code);
        }
        if (answer.body().isEmpty()) {
            throw new CallException("0-length response with status code: " + code + " and content type: "
                    + (type == null ? "application/json" : type));
        }
        return answer.body().toByteArray();
    }

    static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
