package io.jollyboat.kubelet.streams;

import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
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

    public SpdyTunnel(Runtime runtime) {
        this.runtime = runtime;
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
            for (byte[] message = socket.read(); message != null; message = socket.read()) {
                link.out().write(message);
            }
        } finally {
            noMoreInput.countDown();
        }
        back.join();
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
