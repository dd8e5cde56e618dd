package io.jollyboat.kubelet.server;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodList;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.kubelet.cri.ContainerRuntime;
import io.jollyboat.kubelet.streams.Client;
import io.jollyboat.log.Log;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** The kubelet's HTTPS server. Who calls is told by the certificate; only those named may see more than its health. */
public final class KubeletServer implements AutoCloseable {
    private static final Log LOG = Log.of(KubeletServer.class);
    private static final int BACKLOG = 128;
    private static final int HANDSHAKE_MILLIS = 10_000;
    private static final int IDLE_MILLIS = 90_000;

    private final InetSocketAddress address;
    private final SSLContext tls;
    private final List<String> clientNames;
    private final PodView pods;
    private final Metrics metrics;
    private final Runtime runtime;
    private final LogHandler logs;
    private final StreamHandler streams;
    private final Set<SSLSocket> connections = ConcurrentHashMap.newKeySet();
    private SSLServerSocket socket;

    /** @param tls trusts the authority of the callers */
    public KubeletServer(
            InetSocketAddress address,
            SSLContext tls,
            List<String> clientNames,
            PodView pods,
            ContainerRuntime cri,
            Metrics metrics,
            Runtime runtime) {
        this.address = address;
        this.tls = tls;
        this.clientNames = List.copyOf(clientNames);
        this.pods = pods;
        this.metrics = metrics;
        this.runtime = runtime;
        this.logs = new LogHandler(pods, runtime);
        this.streams = new StreamHandler(pods, cri, runtime);
    }

    /** @throws IOException a BindException when the address is in use */
    public void start() throws IOException {
        socket = (SSLServerSocket) tls.getServerSocketFactory().createServerSocket();
        socket.setReuseAddress(true);
        socket.setWantClientAuth(true);
        // Before, a client may begin one handshake after the other, and the JDK's server would take part.
        socket.setEnabledProtocols(new String[] {"TLSv1.3"});
        try {
            socket.bind(address, BACKLOG);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        runtime.start("kubelet server", this::accept);
    }

    /** The port in use, where the address left it open. */
    public int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() {
        try {
            if (socket != null) {
                socket.close();
            }
            for (SSLSocket connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            LOG.debug("server did not close in order", "error", e.toString());
        }
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                SSLSocket connection = (SSLSocket) socket.accept();
                runtime.start("kubelet connection", () -> serve(connection));
            } catch (SocketException e) {
                return;
            } catch (IOException e) {
                LOG.warn("cannot accept a connection", "error", e.toString());
            }
        }
    }

    private void serve(SSLSocket connection) {
        connections.add(connection);
        try (connection) {
            connection.setTcpNoDelay(true);
            connection.setSoTimeout(HANDSHAKE_MILLIS);
            connection.startHandshake();
            String user = user(connection);
            connection.setSoTimeout(IDLE_MILLIS);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = connection.getOutputStream();
            for (Request request = Request.read(in); request != null; request = Request.read(in)) {
                if (!answer(request, user, in, out, connection)) {
                    return;
                }
            }
        } catch (IOException e) {
            LOG.debug("connection ended", "error", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(connection);
        }
    }

    /** Answers whether the connection can take another request. */
    private boolean answer(Request request, String user, InputStream in, OutputStream out, SSLSocket connection)
            throws IOException, InterruptedException {
        Response response = new Response(out);
        try {
            authorize(request, user);
            switch (request.segments().stream().findFirst().orElse("")) {
                case "healthz", "livez", "readyz" -> response.text(200, "ok");
                case "metrics" -> {
                    ByteArrayOutputStream body = new ByteArrayOutputStream();
                    metrics.write(body);
                    response.send(200, "text/plain; version=0.0.4; charset=utf-8", body.toByteArray());
                }
                case "pods" -> response.send(200, "application/json", podList());
                case "containerLogs" -> {
                    // A reader that only listens sends nothing for as long as it likes.
                    connection.setSoTimeout(0);
                    logs.answer(request, response);
                    connection.setSoTimeout(IDLE_MILLIS);
                }
                case "exec", "attach", "portForward" -> {
                    streams.serve(request, response, new Client(connection, in, out));
                    return false;
                }
                default -> response.text(404, "404 page not found\n");
            }
        } catch (HttpFailure e) {
            if (response.begun()) {
                return false;
            }
            response.text(e.status(), e.getMessage());
        }
        return !request.headers().getOrDefault("connection", "").equalsIgnoreCase("close")
                && !request.headers().containsKey("content-length")
                && !request.headers().containsKey("transfer-encoding");
    }

    private void authorize(Request request, String user) throws HttpFailure {
        if (List.of("/healthz", "/livez", "/readyz").contains(request.path())) {
            return;
        }
        if (user.isEmpty()) {
            throw new HttpFailure(401, "Unauthorized");
        }
        if (!clientNames.contains(user)) {
            throw new HttpFailure(
                    403,
                    "Forbidden (user=" + user + ", verb=" + request.method().toLowerCase(java.util.Locale.ROOT)
                            + ", resource=nodes, subresource=proxy)");
        }
    }

    private byte[] podList() {
        PodList.Builder list = PodList.newBuilder();
        for (Pod pod : pods.pods()) {
            list.addItems(pod);
        }
        Message whole = list.build();
        return JsonCodec.encode(whole, "v1", "PodList");
    }

    /** The common name of the caller's certificate; empty without one. */
    private static String user(SSLSocket connection) {
        try {
            Certificate first = connection.getSession().getPeerCertificates()[0];
            String subject = ((X509Certificate) first).getSubjectX500Principal().getName();
            Optional<String> name = new LdapName(subject)
                    .getRdns().stream()
                            .filter(r -> r.getType().equalsIgnoreCase("CN"))
                            .map(Rdn::getValue)
                            .map(Object::toString)
                            .findFirst();
            return name.orElse("");
        } catch (SSLPeerUnverifiedException | InvalidNameException e) {
            return "";
        }
    }
}
