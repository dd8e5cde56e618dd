package io.jollyboat.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.kubelet.testing.ContainerdHost;
import io.jollyboat.kubelet.testing.Pods;
import io.jollyboat.tls.TlsContexts;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Streams into containers and to their ports. */
class KubeletStreamsTest extends KubeletServerFixture {
    @Test
    void passesStreamsThrough() throws Exception {
        node.create("exec", s -> s.addContainers(Pods.container("c", ContainerdHost.BUSYBOX, Pods.SERVE)));
        node.awaitReady("exec");
        Map<Integer, ByteArrayOutputStream> channels = new ConcurrentHashMap<>();
        CountDownLatch closed = new CountDownLatch(1);
        try (HttpClient client = apiServer()) {
            WebSocket socket = client.newWebSocketBuilder()
                    .subprotocols("v4.channel.k8s.io")
                    .buildAsync(
                            URI.create("wss://127.0.0.1:" + server.port()
                                    + "/exec/default/exec/c?input=1&output=1&error=1&command=head&command=-n1"),
                            new Receiver(channels, closed))
                    .get(60, TimeUnit.SECONDS);
            byte[] said = "\0hello\n".getBytes(StandardCharsets.UTF_8);
            socket.sendBinary(ByteBuffer.wrap(said), true).get(60, TimeUnit.SECONDS);
            assertThat(closed.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(channels.get(1).toString(StandardCharsets.UTF_8)).isEqualTo("hello\n");
            assertThat(channels.get(3).toString(StandardCharsets.UTF_8)).contains("\"status\":\"Success\"");
            assertThat(answer(client, "/exec/default/exec/c?command=true&output=1")
                            .statusCode())
                    .isEqualTo(400);
        }
        node.remove("exec");
    }

    private static URI stream(String path) {
        return URI.create("wss://127.0.0.1:" + server.port() + path);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void send(WebSocket socket, byte[] message) throws Exception {
        socket.sendBinary(ByteBuffer.wrap(message), true).get(60, TimeUnit.SECONDS);
    }

    @Test
    void endsTheInputAloneOfNewerWebSockets() throws Exception {
        node.create("half", s -> s.addContainers(Pods.container("c", ContainerdHost.BUSYBOX, Pods.SERVE)));
        node.awaitReady("half");
        Map<Integer, ByteArrayOutputStream> channels = new ConcurrentHashMap<>();
        CountDownLatch closed = new CountDownLatch(1);
        try (HttpClient client = apiServer()) {
            WebSocket socket = client.newWebSocketBuilder()
                    .subprotocols("v5.channel.k8s.io", "v4.channel.k8s.io")
                    .buildAsync(
                            stream("/exec/default/half/c?input=1&output=1&error=1"
                                    + "&command=sh&command=-c&command=wc+-c;echo+bad+%3E%262;exit+7"),
                            new Receiver(channels, closed))
                    .get(60, TimeUnit.SECONDS);
            assertThat(socket.getSubprotocol()).isEqualTo("v5.channel.k8s.io");
            for (int i = 0; i < 100; i++) {
                send(socket, new byte[50_001]);
            }
            // wc counts until its input ends, while the connection stays.
            send(socket, new byte[] {(byte) 255, 0});
            assertThat(closed.await(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(channels.get(1).toString(StandardCharsets.UTF_8)).isEqualTo("5000000\n");
        assertThat(channels.get(2).toString(StandardCharsets.UTF_8)).isEqualTo("bad\n");
        assertThat(channels.get(3).toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"metadata\":{},\"status\":\"Failure\",\"message\":\"command terminated with non-zero exit code:"
                                + " command terminated with exit code 7\",\"reason\":\"NonZeroExitCode\",\"details\":{\"causes\":"
                                + "[{\"reason\":\"ExitCode\",\"message\":\"7\"}]}}");
        node.remove("half");
    }

    @Test
    void endsAProcessThatReadsWhenTheClientOfAStreamLeaves() throws Exception {
        node.create("leave", s -> s.addContainers(Pods.container("c", ContainerdHost.BUSYBOX, Pods.SERVE)));
        Pod pod = node.awaitReady("leave");
        String id = pod.getStatus().getContainerStatuses(0).getContainerID().substring("containerd://".length());
        Map<Integer, ByteArrayOutputStream> channels = new ConcurrentHashMap<>();
        try (HttpClient client = apiServer()) {
            WebSocket socket = client.newWebSocketBuilder()
                    .subprotocols("v5.channel.k8s.io")
                    .buildAsync(
                            stream("/exec/default/leave/c?input=1&output=1&command=sh&command=-c"
                                    + "&command=echo+ready;cat;touch+/left"),
                            new Receiver(channels, new CountDownLatch(1)))
                    .get(60, TimeUnit.SECONDS);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(channels.get(1)).hasToString("ready\n"));
            socket.abort();
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> cri.execSync(id, List.of("ls", "/"), Duration.ofSeconds(30))
                        .getStdout()
                        .toStringUtf8()
                        .contains("left\n"));
        node.remove("leave");
    }

    @Test
    void refusesStreamsInUpstreamsWords() throws Exception {
        node.create("refuse", s -> s.addContainers(Pods.container("c", ContainerdHost.BUSYBOX, Pods.SERVE)));
        node.awaitReady("refuse");
        try (HttpClient client = apiServer()) {
            HttpResponse<String> nothing = answer(client, "/exec/default/refuse/c?command=true");
            assertThat(nothing.statusCode()).isEqualTo(400);
            assertThat(nothing.body()).isEqualTo("you must specify at least 1 of stdin, stdout, stderr");
            HttpResponse<String> absent = answer(client, "/exec/default/absent/c?command=true&output=1");
            assertThat(absent.statusCode()).isEqualTo(404);
            assertThat(absent.body()).isEqualTo("pod does not exist");
            HttpResponse<String> container = answer(client, "/exec/default/refuse/x?command=true&output=1");
            assertThat(container.statusCode()).isEqualTo(500);
            assertThat(container.body()).isEqualTo("container not found (\"x\")");
            assertThat(answer(client, "/attach/default/refuse/x?output=1").body())
                    .isEqualTo("container x not found in pod refuse_default");
            assertThat(answer(client, "/exec/default/refuse/c?command=true&output=1")
                            .body())
                    .isEqualTo("Upgrade request required");
        }
        node.remove("refuse");
    }

    @Test
    void tunnelsPortForwardingInWebSockets() throws Exception {
        node.create("ports", KubeletStreamsTest::greeter);
        node.awaitReady("ports");
        SSLContext tls = new TlsContexts(pki.apiServerKubeletClient().withAuthorities(pki.clusterAuthority())).jdk();
        // By hand: Java's own client takes no protocol with a slash in its name.
        try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", server.port());
                Deflater headers = new Deflater()) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(bytes(String.join(
                            "\r\n",
                            "GET /portForward/default/ports HTTP/1.1",
                            "Host: x",
                            "Connection: Upgrade",
                            "Upgrade: websocket",
                            "Sec-WebSocket-Version: 13",
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                            "Sec-WebSocket-Protocol: SPDY/3.1+portforward.k8s.io",
                            "",
                            "")));
            assertThat(until(socket.getInputStream(), "\r\n\r\n"))
                    .startsWith("HTTP/1.1 101 ")
                    .contains("\r\nSec-WebSocket-Protocol: SPDY/3.1+portforward.k8s.io\r\n");
            // The two streams of one connection, as kubectl opens them.
            socket.getOutputStream().write(frame(0x82, open(headers, 1, "error")));
            socket.getOutputStream().write(frame(0x82, open(headers, 3, "data")));
            assertThat(until(socket.getInputStream(), "hello from the pod\n")).isNotEmpty();
            socket.getOutputStream().write(frame(0x88, new byte[] {3, (byte) 232}));
            assertThat(until(socket.getInputStream(), "\u0088\u0002\u0003\u00e8"))
                    .isNotEmpty();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        node.remove("ports");
    }

    private static PodSpec.Builder greeter(PodSpec.Builder spec) {
        return spec.setTerminationGracePeriodSeconds(1)
                .addContainers(Pods.container(
                        "c",
                        ContainerdHost.BUSYBOX,
                        List.of("sh", "-c", "while true; do echo hello from the pod | nc -l -p 8080; done")));
    }

    private static String until(InputStream in, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (!text.toString().endsWith(end)) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("ended after " + text);
            }
            text.append((char) next);
        }
        return text.toString();
    }

    /** A client's frame, masked with zeros. */
    private static byte[] frame(int first, byte[] payload) {
        return ByteBuffer.allocate(payload.length + 6)
                .put((byte) first)
                .put((byte) (0x80 | payload.length))
                .putInt(0)
                .put(payload)
                .array();
    }

    /** A SYN_STREAM of SPDY/3.1. */
    private static byte[] open(Deflater deflater, int stream, String type) {
        ByteBuffer block = ByteBuffer.allocate(256).putInt(3);
        for (String text : List.of("streamtype", type, "port", "8080", "requestid", "0")) {
            block.putInt(text.length()).put(bytes(text));
        }
        deflater.setInput(block.array(), 0, block.position());
        byte[] compressed = new byte[512];
        int length = deflater.deflate(compressed, 0, compressed.length, Deflater.SYNC_FLUSH);
        ByteBuffer frame = ByteBuffer.allocate(18 + length)
                .putInt(0x80030001)
                .putInt(10 + length)
                .putInt(stream)
                .putInt(0)
                .putShort((short) 0)
                .put(compressed, 0, length);
        return Arrays.copyOf(frame.array(), frame.position());
    }

    @Test
    void forwardsPortsByOlderWebSockets() throws Exception {
        node.create("older", KubeletStreamsTest::greeter);
        node.awaitReady("older");
        Map<Integer, ByteArrayOutputStream> channels = new ConcurrentHashMap<>();
        try (HttpClient client = apiServer()) {
            WebSocket socket = client.newWebSocketBuilder()
                    .subprotocols("v4.channel.k8s.io")
                    .buildAsync(
                            stream("/portForward/default/older?port=8080,9"),
                            new Receiver(channels, new CountDownLatch(1)))
                    .get(60, TimeUnit.SECONDS);
            // Each channel begins with its port; nobody listens at the second one.
            Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                assertThat(channels.get(0).toString(StandardCharsets.ISO_8859_1))
                        .isEqualTo("\u0090\u001fhello from the pod\n");
                assertThat(channels.get(3).toString(StandardCharsets.ISO_8859_1))
                        .startsWith("\t\0")
                        .contains("connection refused");
            });
            socket.abort();
        }
        node.remove("older");
    }

    private record Receiver(Map<Integer, ByteArrayOutputStream> channels, CountDownLatch closed)
            implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            int channel = data.get();
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            channels.computeIfAbsent(channel, c -> new ByteArrayOutputStream()).writeBytes(bytes);
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.countDown();
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.countDown();
        }
    }
}
