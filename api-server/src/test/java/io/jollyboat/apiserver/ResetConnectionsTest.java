package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.Pki;
import io.jollyboat.tls.TlsContexts;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client that resets its connection is no news, whatever it was about. */
class ResetConnectionsTest {
    private static final String WATCH = "GET /api/v1/namespaces?watch=1 HTTP/1.1\r\nHost: x\r\n";

    private final Queue<Socket> upgraded = new ConcurrentLinkedQueue<>();
    private final CountDownLatch kubeletEnds = new CountDownLatch(1);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private EmbeddedApiServer server;
    private SSLServerSocket kubelet;

    @BeforeEach
    void start() throws IOException {
        server = EmbeddedApiServer.start();
        server.pki().addNode("n1", List.of("127.0.0.1"));
        kubelet = (SSLServerSocket) new TlsContexts(server.pki().kubeletServing("n1"))
                .jdk()
                .getServerSocketFactory()
                .createServerSocket(0);
        SystemRuntime.instance().start("kubelet", this::serve);
        try (RestClient client = RestClient.admin(server)) {
            client.post("/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
            client.post("/api/v1/nodes", "{\"metadata\":{\"name\":\"n1\"}}");
            client.patch(
                    "/api/v1/nodes/n1/status",
                    "{\"status\":{\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"127.0.0.1\"}],"
                            + "\"daemonEndpoints\":{\"kubeletEndpoint\":{\"Port\":" + kubelet.getLocalPort() + "}}}}");
            client.post(
                    "/api/v1/namespaces/default/pods",
                    "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"nodeName\":\"n1\",\"containers\":[{\"name\":\"c\","
                            + "\"image\":\"i\"}]}}");
        }
        log.start();
        root().addAppender(log);
    }

    @AfterEach
    void stop() throws IOException {
        root().detachAppender(log);
        kubelet.close();
        server.close();
    }

    private static ch.qos.logback.classic.Logger root() {
        return (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    }

    /** Takes every upgrade and talks without end. */
    private void serve() {
        try {
            while (true) {
                Socket socket = kubelet.accept();
                SystemRuntime.instance().start("stream", () -> {
                    try (socket) {
                        head(socket.getInputStream());
                        upgraded.add(socket);
                        byte[] talk = new byte[1000];
                        socket.getOutputStream()
                                .write(bytes("HTTP/1.1 101 Switching Protocols\r\nUpgrade: SPDY/3.1\r\n\r\n"));
                        while (!socket.isClosed()) {
                            socket.getOutputStream().write(talk);
                        }
                    } catch (IOException e) {
                        kubeletEnds.countDown();
                    }
                });
            }
        } catch (IOException e) {
            assertThat(kubelet.isClosed()).isTrue();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void head(InputStream in) throws IOException {
        int end = 0;
        while (end != 0x0d0a0d0a) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed");
            }
            end = end << 8 | next;
        }
    }

    /** A connection, in the clear until it is secured. */
    private Socket plain() throws IOException {
        return plain(server.port());
    }

    private static Socket plain(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoLinger(true, 0);
        return socket;
    }

    private SSLSocket secured(Socket plain, String protocol) throws IOException {
        SSLSocket socket = (SSLSocket)
                server.tls(Pki::admin).getSocketFactory().createSocket(plain, "127.0.0.1", server.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setApplicationProtocols(new String[] {protocol});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** Says something, hears an answer's head where there is to be one, and resets the connection under TLS. */
    private void reset(String protocol, String said, boolean answered) throws IOException {
        reset(plain(), protocol, said, answered);
    }

    private void reset(Socket plain, String protocol, String said, boolean answered) throws IOException {
        SSLSocket socket = secured(plain, protocol);
        socket.getOutputStream().write(bytes(said));
        if (answered) {
            head(socket.getInputStream());
        }
        plain.close();
    }

    @Test
    void areNoNews() throws Exception {
        plain().close();
        Socket handshake = plain();
        handshake.getOutputStream().write(new byte[] {22, 3, 1, 1, 0});
        handshake.close();
        for (String protocol : List.of("h2", "http/1.1")) {
            reset(protocol, "", false);
        }
        reset("h2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", false);
        plain(server.grpcPort()).close();
        Socket grpcHandshake = plain(server.grpcPort());
        grpcHandshake.getOutputStream().write(new byte[] {22, 3, 1, 1, 0});
        grpcHandshake.close();
        for (String said :
                List.of("", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", "PRI * ", "GET / HTTP/1.1\r\n")) {
            reset(plain(server.grpcPort()), "h2", said, false);
        }
        reset("http/1.1", "GET /ap", false);
        reset("http/1.1", "POST /api/v1/namespaces HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{", false);
        reset("http/1.1", WATCH + "\r\n", true);
        reset(
                "http/1.1",
                WATCH
                        + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nOrigin: http://x\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                true);
        reset(
                "http/1.1",
                String.join(
                        "\r\n",
                        "POST /api/v1/namespaces/default/pods/p/exec?command=a&stdout=1 HTTP/1.1",
                        "Host: x",
                        "Connection: Upgrade",
                        "Upgrade: SPDY/3.1",
                        "Content-Length: 0",
                        "",
                        ""),
                true);
        assertThat(kubeletEnds.await(60, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        assertThat(upgraded).hasSize(1);
        // Whatever is to be said of the others has been said when one more is served.
        try (SSLSocket last = secured(plain(), "http/1.1")) {
            last.getOutputStream().write(bytes("GET /version HTTP/1.1\r\nHost: x\r\n\r\n"));
            head(last.getInputStream());
        }
        Awaitility.await()
                .during(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(List.copyOf(log.list))
                        .noneMatch(event ->
                                event.getLevel().isGreaterOrEqual(Level.WARN) || event.getThrowableProxy() != null));
    }
}
