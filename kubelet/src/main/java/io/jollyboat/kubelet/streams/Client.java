package io.jollyboat.kubelet.streams;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The connection of whoever asked for a stream.
 *
 * @param in what was read ahead of it included
 */
public record Client(Socket socket, InputStream in, OutputStream out) {
    private static final int LINGER_SECONDS = 5;

    /**
     * Ends it so that what was written last arrives: a connection closed while the other side still sends is reset, and
     * takes with it what has not been read there.
     *
     * @param noMoreInput counts down when the other side has ended, too
     */
    public void end(CountDownLatch noMoreInput) {
        try {
            socket.shutdownOutput();
            var _ = noMoreInput.await(LINGER_SECONDS, TimeUnit.SECONDS);
        } catch (IOException e) {
            // The other side is gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close();
        }
    }

    /** Ends it at once, whatever is still on its way, and whoever is writing just now. */
    void drop() {
        RuntimeLink.drop(socket);
    }

    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed either way.
        }
    }
}
