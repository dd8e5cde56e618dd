package io.jollyboat.kubelet.probes;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** One GET on a bare socket: a probe needs no more of a response than its status. Redirects on the same host are followed. */
public final class HttpCheck {
    private static final int MAX_REDIRECTS = 10;

    private HttpCheck() {}

    /** @param path with the query */
    public record Target(String scheme, String host, int port, String path, Map<String, String> headers) {
        public String url() {
            String authority = host.contains(":") ? "[" + host + "]" : host;
            return scheme + "://" + authority + ":" + port + path;
        }
    }

    /** The status; an IOException whose message is as Go's client words it when there is none. */
    public static int get(Target target, Duration timeout) throws IOException {
        Target at = target;
        for (int i = 0; ; i++) {
            Answer answer = getOnce(at, timeout);
            boolean redirect = answer.status >= 300 && answer.status < 400 && answer.location != null;
            if (!redirect) {
                return answer.status;
            }
            Target next = resolve(at, answer.location);
            if (next == null || i == MAX_REDIRECTS) {
                // Upstream does not leave the host for a probe: a redirect elsewhere counts as an answer.
                return answer.status;
            }
            at = next;
        }
    }

    private record Answer(int status, String location) {}

    private static Target resolve(Target from, String location) {
        java.net.URI uri = java.net.URI.create(from.url()).resolve(location.replace(" ", "%20"));
        String scheme = uri.getScheme();
        if (!from.host().equals(uri.getHost())) {
            return null;
        }
        int port = uri.getPort() > 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new Target(scheme, from.host(), port, uri.getRawPath() + query, from.headers());
    }

    private static Answer getOnce(Target target, Duration timeout) throws IOException {
        String prefix = "Get \"" + target.url() + "\": ";
        try (Socket plain = new Socket()) {
            plain.setTcpNoDelay(true);
            plain.setSoTimeout((int) timeout.toMillis());
            connect(plain, target, timeout);
            if (!target.scheme().equals("https")) {
                return exchange(plain, target);
            }
            try (Socket secure =
                    trusting().getSocketFactory().createSocket(plain, target.host(), target.port(), true)) {
                return exchange(secure, target);
            }
        } catch (SocketTimeoutException e) {
            throw new IOException(
                    prefix + "context deadline exceeded (Client.Timeout exceeded while awaiting headers)", e);
        } catch (EOFException e) {
            throw new IOException(prefix + "EOF", e);
        } catch (IOException e) {
            throw new IOException(prefix + e.getMessage(), e);
        }
    }

    /** Connects with Go's words for what can go wrong. */
    static void connect(Socket socket, Target target, Duration timeout) throws IOException {
        String dial = "dial tcp " + (target.host().contains(":") ? "[" + target.host() + "]" : target.host()) + ":"
                + target.port() + ": ";
        try {
            socket.connect(new InetSocketAddress(target.host(), target.port()), (int) timeout.toMillis());
        } catch (UnknownHostException e) {
            throw new IOException("dial tcp: lookup " + target.host() + ": no such host", e);
        } catch (NoRouteToHostException e) {
            throw new IOException(dial + "connect: no route to host", e);
        } catch (ConnectException e) {
            throw new IOException(dial + "connect: connection refused", e);
        }
    }

    private static Answer exchange(Socket socket, Target target) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Host", target.host() + ":" + target.port());
        headers.put("User-Agent", "kube-probe/1.36");
        headers.put("Accept", "*/*");
        headers.putAll(target.headers());
        headers.values().removeIf(String::isEmpty);
        headers.put("Connection", "close");
        StringBuilder request = new StringBuilder("GET ").append(target.path()).append(" HTTP/1.1\r\n");
        headers.forEach(
                (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        InputStream in = new BufferedInputStream(socket.getInputStream());
        String status = line(in);
        String[] words = status.split(" ");
        if (!status.startsWith("HTTP/") || words.length < 2 || !words[1].matches("\\d{3}")) {
            throw new IOException("malformed HTTP response \"" + status + "\"");
        }
        String location = null;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.regionMatches(true, 0, "location:", 0, "location:".length())) {
                location = header.substring("location:".length()).strip();
            }
        }
        return new Answer(Integer.parseInt(words[1]), location);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            if (line.length() > 8192) {
                throw new IOException("header line too long");
            }
            line.append((char) c);
        }
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
    }

    /** Probes do not verify certificates: the pod's name is in none. */
    private static SSLContext trusting() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    private static final class TrustAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
