package io.jollyboat.kubelet.streams;

import io.jollyboat.kubelet.streams.WebSocket.Piece;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Port forwarding by WebSocket {@code SPDY/3.1+portforward.k8s.io}: the messages are, one after another, the bytes of
 * the SPDY connection that the client would have made.
 */
public final class SpdyTunnel {
    public static final String PREFIX = "SPDY/3.1+";
    private static final int PIECE = 32 << 10;

    private final Runtime runtime;
    private final Duration period;

    public SpdyTunnel(Runtime runtime) {
        this(runtime, StallWatch.PERIOD);
    }

    /** @param period of the signs of life towards a client whose input stands still */
    SpdyTunnel(Runtime runtime, Duration period) {
        this.runtime = runtime;
        this.period = period;
    }

    /** Answers for a runtime that does not upgrade. */
    public interface Refused {
        void answer(int status, String text) throws IOException;
    }

    /**
     * Serves the tunnel to its end.
     *
     * @param url the runtime's, for these ports
     * @param key of the client's handshake
     * @param protocols what the client offers, with the prefix
     */
    public void serve(Client client, String url, String key, List<String> protocols, Refused refused)
            throws IOException, InterruptedException {
        List<String> spdy =
                protocols.stream().map(p -> p.substring(PREFIX.length())).toList();
        CountDownLatch noMoreInput = new CountDownLatch(1);
        Thread back;
        try (RuntimeLink link = RuntimeLink.open(URI.create(url), spdy)) {
            if (!link.upgraded()) {
                refused.answer(link.status() < 400 ? 500 : link.status(), link.refusal());
                return;
            }
            WebSocket socket = new WebSocket(client.in(), client.out());
            socket.accept(key, PREFIX + (link.protocol().isEmpty() ? spdy.getFirst() : link.protocol()));
            back = runtime.start("tunnel", () -> {
                carry(link.in(), socket);
                client.end(noMoreInput);
            });
            try (StallWatch watch = new StallWatch(runtime, period, socket::beat, () -> {
                link.drop();
                client.drop();
            })) {
                toRuntime(socket, link, watch);
            }
        } finally {
            noMoreInput.countDown();
        }
        back.join();
    }

    private static void toRuntime(WebSocket from, RuntimeLink link, StallWatch watch) throws IOException {
        boolean takes = true;
        for (Piece piece = from.read(); piece != null; piece = from.read()) {
            watch.begin();
            try {
                if (takes) {
                    link.out().write(piece.bytes());
                }
            } catch (IOException e) {
                // What the runtime said last is on its way to the client, who is not to be cut off while he still
                // speaks.
                takes = false;
            } finally {
                watch.end();
            }
        }
    }

    private static void carry(InputStream from, WebSocket to) {
        byte[] piece = new byte[PIECE];
        try {
            for (int length = from.read(piece); length >= 0; length = from.read(piece)) {
                to.write(piece, 0, length);
            }
            to.close();
        } catch (IOException e) {
            // One of the two went away, which ends the tunnel.
            return;
        }
    }
}
