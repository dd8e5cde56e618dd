package io.jollyboat.kubelet.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.kubelet.streams.ExecTranslator.Streams;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.runtime.SystemRuntime;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process that stops reading: the runtime's server then reads nothing of the connection any more, as containerd 1.6
 * does. Whoever goes first, nothing is left of the stream.
 */
class StalledInputTest {
    private static final Duration PERIOD = Duration.ofMillis(50);
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private final CountingRuntime runtime = new CountingRuntime();
    private ServerSocket runtimeServer;
    private ServerSocket door;
    private Socket client;
    private Socket accepted;
    private Socket atRuntime;
    private Thread serving;

    /** The ways a stream comes in. */
    enum Form {
        SPDY,
        WEBSOCKET_BASE64,
        WEBSOCKET_V5,
        TUNNEL
    }

    @BeforeEach
    void open() throws IOException {
        runtimeServer = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        door = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        client = new Socket(door.getInetAddress(), door.getLocalPort());
        accepted = door.accept();
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : new Socket[] {client, accepted, atRuntime}) {
            if (socket != null) {
                socket.close();
            }
        }
        runtimeServer.close();
        door.close();
    }

    /** Counts threads and timers that have not ended. */
    private static final class CountingRuntime implements Runtime {
        private final Runtime real = SystemRuntime.instance();
        private final AtomicLong live = new AtomicLong();

        @Override
        public java.time.Instant now() {
            return real.now();
        }

        @Override
        public long nanoTime() {
            return real.nanoTime();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            real.sleep(duration);
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            live.incrementAndGet();
            CountDownLatch once = new CountDownLatch(1);
            Timer timer = real.schedule(delay, () -> {
                try {
                    task.run();
                } finally {
                    ended(once);
                }
            });
            return () -> {
                timer.cancel();
                ended(once);
            };
        }

        private void ended(CountDownLatch once) {
            synchronized (once) {
                if (once.getCount() > 0) {
                    once.countDown();
                    live.decrementAndGet();
                }
            }
        }

        @Override
        public Thread start(String name, Runnable body) {
            live.incrementAndGet();
            return real.start(name, () -> {
                try {
                    body.run();
                } finally {
                    live.decrementAndGet();
                }
            });
        }

        @Override
        public java.util.random.RandomGenerator random() {
            return real.random();
        }
    }

    /** Serves the stream as the kubelet does, and leads the runtime's server to where it reads no more. */
    private void serve(Form form) throws IOException {
        String url = "http://127.0.0.1:" + runtimeServer.getLocalPort() + "/exec/token";
        Client served = new Client(accepted, accepted.getInputStream(), accepted.getOutputStream());
        serving = runtime.start("serving", () -> {
            try (Socket socket = served.socket()) {
                assertThat(socket.isConnected()).isTrue();
                switch (form) {
                    case SPDY ->
                        new StreamPipe(runtime, PERIOD)
                                .join(url, "POST", Map.of("connection", "Upgrade", "upgrade", "SPDY/3.1"), served);
                    case WEBSOCKET_BASE64 ->
                        new StreamPipe(runtime, PERIOD)
                                .join(url, "GET", Map.of("connection", "Upgrade", "upgrade", "websocket"), served);
                    case WEBSOCKET_V5 ->
                        new ExecTranslator(runtime, PERIOD)
                                .serve(served, url, KEY, "v5.channel.k8s.io", new Streams(true, true, false, false));
                    case TUNNEL ->
                        new SpdyTunnel(runtime, PERIOD)
                                .serve(served, url, KEY, List.of("SPDY/3.1+portforward.k8s.io"), (status, text) -> {});
                }
            } catch (IOException e) {
                // The client is gone.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        atRuntime = runtimeServer.accept();
        head(atRuntime.getInputStream());
        String protocol = form == Form.WEBSOCKET_BASE64 ? "websocket" : "SPDY/3.1";
        write(
                atRuntime,
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: " + protocol + "\r\n\r\n");
        if (form == Form.WEBSOCKET_V5) {
            DataInputStream in = new DataInputStream(atRuntime.getInputStream());
            for (int stream = 1; stream <= 5; stream += 2) {
                // Streams are told of in turn: error, stdin, stdout.
                in.readInt();
                in.skipNBytes(in.readInt());
                reply(stream);
            }
        }
        head(client.getInputStream());
    }

    private void reply(int stream) throws IOException {
        atRuntime
                .getOutputStream()
                .write(ByteBuffer.allocate(12)
                        .putInt(0x80030002)
                        .putInt(4)
                        .putInt(stream)
                        .array());
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void head(InputStream in) throws IOException {
        int end = 0;
        while (end != 0x0d0a0d0a) {
            int next = in.read();
            assertThat(next).isNotNegative();
            end = end << 8 | next;
        }
    }

    /** A binary message to channel 0, under a mask of zeros. */
    private static byte[] message() {
        return ByteBuffer.allocate(8 + 32_000)
                .putShort((short) 0x82fe)
                .putShort((short) 32_000)
                .putInt(0)
                .array();
    }

    /** Sends until nothing is taken any more; the thread ends when the client's socket does. */
    private Thread flood() {
        AtomicLong sent = new AtomicLong();
        Thread flood = SystemRuntime.instance().start("flood", () -> {
            try {
                OutputStream out = client.getOutputStream();
                byte[] message = message();
                while (true) {
                    out.write(message);
                    sent.addAndGet(message.length);
                }
            } catch (IOException e) {
                // It has been closed.
            }
        });
        AtomicLong before = new AtomicLong(-1);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    long now = sent.get();
                    return now > 0 && before.getAndSet(now) == now;
                });
        return flood;
    }

    private void assertNothingLeft() throws InterruptedException {
        assertThat(serving.join(Duration.ofSeconds(60))).isTrue();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> runtime.live.get() == 0);
        assertThat(accepted.isClosed()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLeftWhenTheClientGoes(Form form) throws Exception {
        serve(form);
        Thread flood = flood();
        // As the system closes what a killed process had open: what was not taken stays, and its end stands behind it.
        client.close();
        assertNothingLeft();
        assertThat(flood.join(Duration.ofSeconds(60))).isTrue();
        atRuntime.setSoTimeout(60_000);
        byte[] buffer = new byte[1 << 16];
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            try {
                return atRuntime.getInputStream().read(buffer) < 0;
            } catch (IOException e) {
                return e.getMessage().contains("reset");
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLeftWhenTheProcessEnds(Form form) throws Exception {
        serve(form);
        Thread flood = flood();
        if (form == Form.WEBSOCKET_V5) {
            OutputStream out = atRuntime.getOutputStream();
            out.write(ByteBuffer.allocate(8).putInt(5).putInt(1 << 24).array());
            out.write(ByteBuffer.allocate(8).putInt(1).putInt(1 << 24).array());
        }
        atRuntime.close();
        client.setSoTimeout(60_000);
        String last = new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        if (form == Form.WEBSOCKET_V5) {
            assertThat(last).contains("\"status\":\"Success\"");
        }
        client.close();
        assertNothingLeft();
        assertThat(flood.join(Duration.ofSeconds(60))).isTrue();
    }

    /** As containerd 1.6 leaves a process that has ended before its input was read: its outputs end, its status stays out. */
    @Test
    void aProcessThatEndedWithoutAWordIsGivenUp() throws Exception {
        serve(Form.WEBSOCKET_V5);
        Thread flood = flood();
        atRuntime
                .getOutputStream()
                .write(ByteBuffer.allocate(8).putInt(5).putInt(1 << 24).array());
        client.setSoTimeout(60_000);
        String last = new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(last).contains("\"status\":\"Failure\"").contains("does not tell how the process ended");
        client.close();
        assertNothingLeft();
        assertThat(flood.join(Duration.ofSeconds(60))).isTrue();
    }

    /** A client that waits is told nothing that it would take for output, and its input comes through in the end. */
    @Test
    void aClientThatWaitsIsServedInTheEnd() throws Exception {
        serve(Form.WEBSOCKET_V5);
        SystemRuntime.instance().start("input", () -> {
            try {
                for (int i = 0; i < 1_000; i++) {
                    client.getOutputStream().write(message());
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        client.setSoTimeout(60_000);
        DataInputStream in = new DataInputStream(client.getInputStream());
        // Upstream's first word: an empty message of stdout.
        assertThat(in.readNBytes(3)).containsExactly(0x82, 1, 1);
        for (int i = 0; i < 5; i++) {
            assertThat(in.readUnsignedShort()).as("a PONG").isEqualTo(0x8a00);
        }
        long taken = 0;
        DataInputStream stdin = new DataInputStream(atRuntime.getInputStream());
        while (taken < 1_000L * 31_999) {
            assertThat(stdin.readInt()).isEqualTo(3);
            int length = stdin.readInt();
            stdin.skipNBytes(length);
            taken += length;
        }
        assertThat(taken).isEqualTo(1_000L * 31_999);
        client.close();
        assertNothingLeft();
    }
}
