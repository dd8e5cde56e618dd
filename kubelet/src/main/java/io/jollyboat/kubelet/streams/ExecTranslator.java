package io.jollyboat.kubelet.streams;

import com.google.protobuf.ByteString;
import io.jollyboat.kubelet.streams.ChannelReader.Word;
import io.jollyboat.kubelet.streams.SpdyConnection.Frame;
import io.jollyboat.kubelet.streams.WebSocket.Piece;
import io.jollyboat.runtime.Runtime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * Exec and attach by WebSocket {@code v5.channel.k8s.io}, whose client can end the process's input and go on reading,
 * and {@code v4.channel.k8s.io}, whose client cannot. Towards the runtime each channel becomes a SPDY stream.
 */
public final class ExecTranslator {
    private static final String V5 = "v5.channel.k8s.io";
    private static final String V4 = "v4.channel.k8s.io";
    private static final String RUNTIME_PROTOCOL = V4;
    /**
     * So long, in periods, a process without outputs may leave its input alone before it is taken for ended: containerd
     * 1.6 waits for the input of one that has ended to be read, and never tells.
     */
    private static final int SILENT_PERIODS = 6;

    private static final int NONE = -1;
    private static final byte[] NOTHING = {};
    private static final int PIECE = 32 << 10;
    private static final int MAX_STATUS = 64 << 10;

    private final Runtime runtime;
    private final Duration period;

    public ExecTranslator(Runtime runtime) {
        this(runtime, StallWatch.PERIOD);
    }

    /** @param period of the signs of life towards a client whose input stands still */
    ExecTranslator(Runtime runtime, Duration period) {
        this.runtime = runtime;
        this.period = period;
    }

    /** Which streams the process has. */
    public record Streams(boolean in, boolean out, boolean err, boolean tty) {}

    /** Which of the protocols that a client offers is spoken here; empty for none. */
    public static Optional<String> chosen(List<String> offered) {
        return Stream.of(V5, V4).filter(offered::contains).findFirst();
    }

    /**
     * Serves the stream to its end.
     *
     * @param url the runtime's, for this stream
     * @param key of the client's handshake
     * @param protocol that was chosen
     */
    public void serve(Client client, String url, String key, String protocol, Streams streams)
            throws IOException, InterruptedException {
        WebSocket socket = new WebSocket(client.in(), client.out());
        socket.accept(key, protocol);
        // Upstream's sign that the connection stands.
        socket.write(
                streams.out() ? ChannelReader.STDOUT : streams.err() ? ChannelReader.STDERR : ChannelReader.ERROR,
                new byte[0],
                0,
                0);
        Session session = new Session(client, socket, streams);
        StallWatch watch = new StallWatch(runtime, period, session::stalled, session::drop);
        Thread input = runtime.start("stream input", () -> session.input(watch));
        byte[] status = session.output(URI.create(url));
        try {
            socket.write(ChannelReader.ERROR, status, 0, status.length);
            socket.close();
        } catch (IOException e) {
            // The client is gone, and so is whoever would read it.
            client.close();
        }
        client.end(session.noMoreInput);
        input.join();
    }

    private static final class Session {
        private final Client client;
        private final WebSocket socket;
        private final Streams streams;
        private final CountDownLatch noMoreInput = new CountDownLatch(1);
        /** The runtime takes input, or will never. */
        private final CountDownLatch decided = new CountDownLatch(1);

        private final ChannelReader channels = new ChannelReader();

        private volatile Open open;
        private volatile boolean outputsEnded;
        /** Why the runtime was given up. */
        private volatile String given;

        private volatile int silent;
        private volatile boolean gone;

        Session(Client client, WebSocket socket, Streams streams) {
            this.client = client;
            this.socket = socket;
            this.streams = streams;
        }

        /** The streams' numbers, NONE where there is none. */
        private record Open(RuntimeLink link, SpdyConnection spdy, int in, int out, int err, int error, int resize) {}

        /** Carries what comes out; answers the Status that ends it. */
        byte[] output(URI target) {
            try (RuntimeLink link = RuntimeLink.open(target, List.of(RUNTIME_PROTOCOL))) {
                if (!link.upgraded()) {
                    return ExitStatus.failure("unable to upgrade connection: " + link.refusal());
                }
                try (SpdyConnection spdy = new SpdyConnection(link.in(), link.out())) {
                    return carry(opened(link, spdy));
                }
            } catch (IOException e) {
                return ExitStatus.failure(given == null ? String.valueOf(e.getMessage()) : given);
            } finally {
                open = null;
                decided.countDown();
            }
        }

        private Open opened(RuntimeLink link, SpdyConnection spdy) throws IOException {
            String type = "streamtype";
            int error = spdy.open(type, "error");
            return new Open(
                    link,
                    spdy,
                    streams.in() ? spdy.open(type, "stdin") : NONE,
                    streams.out() ? spdy.open(type, "stdout") : NONE,
                    streams.err() && !streams.tty() ? spdy.open(type, "stderr") : NONE,
                    error,
                    streams.tty() ? spdy.open(type, "resize") : NONE);
        }

        private byte[] carry(Open ready) throws IOException {
            ByteArrayOutputStream status = new ByteArrayOutputStream();
            int unreplied = 1;
            for (int stream : new int[] {ready.in(), ready.out(), ready.err(), ready.resize()}) {
                unreplied += stream == NONE ? 0 : 1;
            }
            boolean outEnded = ready.out() == NONE;
            boolean errEnded = ready.err() == NONE;
            boolean errorEnded = false;
            while (!outEnded || !errEnded || !errorEnded) {
                outputsEnded = (streams.out() || streams.err()) && outEnded && errEnded;
                Frame next = ready.spdy().read();
                if (next == null) {
                    throw new IOException("the container runtime ended the connection");
                }
                switch (next) {
                    case Frame.Replied(int _) -> {
                        unreplied--;
                        if (unreplied == 0) {
                            open = ready;
                            if (gone) {
                                throw new IOException("the client has gone");
                            }
                            decided.countDown();
                        }
                    }
                    case Frame.Data(int stream, ByteString data, boolean last) -> {
                        byte[] bytes = data.toByteArray();
                        if (stream == ready.out()) {
                            deliver(ChannelReader.STDOUT, bytes);
                            outEnded |= last;
                        } else if (stream == ready.err()) {
                            deliver(ChannelReader.STDERR, bytes);
                            errEnded |= last;
                        } else if (stream == ready.error()) {
                            status.write(bytes, 0, Math.min(bytes.length, MAX_STATUS - status.size()));
                            errorEnded |= last;
                        }
                    }
                    case Frame.Reset(int stream) -> {
                        outEnded |= stream == ready.out();
                        errEnded |= stream == ready.err();
                        errorEnded |= stream == ready.error();
                    }
                }
            }
            return ExitStatus.ofRuntime(status.toByteArray());
        }

        private void deliver(int channel, byte[] bytes) throws IOException {
            for (int from = 0; from < bytes.length; from += PIECE) {
                socket.write(channel, bytes, from, Math.min(PIECE, bytes.length - from));
            }
        }

        /** Carries what goes in, and notices when the client leaves. */
        void input(StallWatch watch) {
            try (watch) {
                for (Piece piece = socket.read(); piece != null; piece = socket.read()) {
                    watch.begin();
                    boolean possible = take(channels.read(piece));
                    watch.end();
                    silent = 0;
                    if (!possible) {
                        break;
                    }
                }
            } catch (IOException e) {
                // It left without a word.
                gone = true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                gone = true;
                noMoreInput.countDown();
                abandon();
            }
        }

        /** The runtime takes nothing: called once in a period. */
        void stalled() throws IOException {
            socket.beat();
            int periods = outputsEnded ? silent + 1 : 0;
            silent = periods;
            Open now = open;
            if (periods >= SILENT_PERIODS && now != null) {
                given = "the container runtime does not tell how the process ended: it waits for input to be read";
                now.link().drop();
            }
        }

        /** The client has gone while the runtime takes nothing. */
        void drop() {
            Open now = open;
            if (now != null) {
                now.link().drop();
            }
            client.drop();
        }

        private void abandon() {
            Open now = open;
            if (now != null) {
                now.link().close();
            }
            client.close();
        }

        /** False for a message that cannot be. */
        private boolean take(Word word) throws InterruptedException {
            decided.await();
            Open now = open;
            switch (word) {
                case Word.Data(int channel, ByteString data) -> {
                    int stream = now == null
                            ? NONE
                            : channel == ChannelReader.STDIN
                                    ? now.in()
                                    : channel == ChannelReader.RESIZE ? now.resize() : NONE;
                    if (stream != NONE && !data.isEmpty()) {
                        send(now, stream, data.toByteArray(), 0, data.size(), false);
                    }
                }
                case Word.Ended(int channel) -> {
                    if (channel == ChannelReader.STDIN && now != null && now.in() != NONE) {
                        send(now, now.in(), NOTHING, 0, 0, true);
                    }
                }
                case Word.Nothing() -> {}
                case Word.Impossible() -> {
                    return false;
                }
            }
            return true;
        }

        /** A runtime that takes no more is about to tell why: the client is to hear it, so reading goes on. */
        private void send(Open to, int stream, byte[] bytes, int from, int length, boolean last) {
            try {
                to.spdy().write(stream, bytes, from, length, last);
            } catch (IOException e) {
                open = null;
            }
        }
    }
}
