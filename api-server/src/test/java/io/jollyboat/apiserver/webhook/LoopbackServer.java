package io.jollyboat.apiserver.webhook;

import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.CertificateAuthority;
import io.jollyboat.tls.CertificateRequest;
import io.jollyboat.tls.Pem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** An HTTPS server on loopback that may answer anything, also what is no HTTP. */
public final class LoopbackServer implements AutoCloseable {
    private final ServerSocket listener;
    private final CertificateAuthority authority;
    private final Behaviour behaviour;
    private final Collection<Socket> open = ConcurrentHashMap.newKeySet();
    private final Collection<Request> requests = new ConcurrentLinkedQueue<>();

    /** What the server does with a request: writes whatever it likes. Returning false ends the connection. */
    @FunctionalInterface
    public interface Behaviour {
        boolean answer(Request request, OutputStream out) throws IOException, InterruptedException;
    }

    /**
     * A request.
     *
     * @param headers by name in lower case
     * @param peer common name of the client's certificate, empty without one
     * @param in what follows
     */
    public record Request(
            String method, String path, Map<String, String> headers, String body, String peer, InputStream in) {}

    private LoopbackServer(ServerSocket listener, CertificateAuthority authority, Behaviour behaviour) {
        this.listener = listener;
        this.authority = authority;
        this.behaviour = behaviour;
        SystemRuntime.instance().start("loopback server", this::accept);
    }

    /** @param names that the certificate is for */
    public static LoopbackServer https(List<String> names, Behaviour behaviour) throws IOException {
        Instant now = SystemRuntime.instance().now();
        return https(names, now, Duration.ofDays(1), behaviour);
    }

    static LoopbackServer https(List<String> names, Instant from, Duration lifetime, Behaviour behaviour)
            throws IOException {
        CertificateAuthority authority = CertificateAuthority.create(
                "test authority", SystemRuntime.instance().now(), Duration.ofDays(1));
        KeyPair pair = CertificateAuthority.newKeyPair();
        X509Certificate leaf =
                authority.sign(CertificateRequest.server("test server", names), pair.getPublic(), from, lifetime);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", pair.getPrivate(), new char[0], new Certificate[] {leaf});
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), new TrustManager[] {new Anyone()}, null);
            SSLServerSocket socket = (SSLServerSocket)
                    context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
            socket.setWantClientAuth(true);
            return new LoopbackServer(socket, authority, behaviour);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static LoopbackServer http(Behaviour behaviour) throws IOException {
        return new LoopbackServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), null, behaviour);
    }

    /** On an address of this machine that is not loopback. */
    public static LoopbackServer http(InetAddress address, Behaviour behaviour) throws IOException {
        return new LoopbackServer(new ServerSocket(0, 50, address), null, behaviour);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The authority's certificate for a {@code caBundle}. */
    public String caBundle() {
        return Base64.getEncoder().encodeToString(authority().getBytes(StandardCharsets.US_ASCII));
    }

    /** The same as PEM. */
    public String authority() {
        return Pem.encode(authority.certificate());
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    public void forget() {
        requests.clear();
    }

    /** A whole answer. */
    public static boolean reply(OutputStream out, int code, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        out.write(("HTTP/1.1 " + code + " X\r\nContent-Type: " + type + "\r\nContent-Length: " + bytes.length
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        out.write(bytes);
        out.flush();
        return true;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                SystemRuntime.instance().start("loopback connection", () -> serve(socket));
            } catch (IOException e) {
                // Closed, or one connection that failed.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            String peer = "";
            if (socket instanceof SSLSocket tls) {
                tls.startHandshake();
                try {
                    peer = ((X509Certificate) tls.getSession().getPeerCertificates()[0])
                            .getSubjectX500Principal()
                            .getName();
                } catch (SSLPeerUnverifiedException e) {
                    peer = "";
                }
            }
            InputStream in = socket.getInputStream();
            boolean more = true;
            while (more) {
                String first = line(in);
                if (first == null) {
                    return;
                }
                Map<String, String> headers = new TreeMap<>();
                for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
                    int colon = line.indexOf(':');
                    headers.merge(
                            line.substring(0, colon).toLowerCase(Locale.ROOT),
                            line.substring(colon + 1).strip(),
                            (a, b) -> a + "|" + b);
                }
                byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
                String[] words = first.split(" ");
                Request request =
                        new Request(words[0], words[1], headers, new String(body, StandardCharsets.UTF_8), peer, in);
                requests.add(request);
                more = behaviour.answer(request, socket.getOutputStream());
            }
        } catch (IOException e) {
            // The client went away.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return null;
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    /** Takes any client certificate; tests look at the name. */
    private static final class Anyone implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
