package io.jollyboat.kubelet.server;

import io.jollyboat.kubelet.streams.Client;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** Hands an upgraded connection on to the runtime's streaming server: the request's head anew, then bytes both ways. */
final class StreamPipe {
    private static final int CONNECT_MILLIS = 10_000;

    private final Runtime runtime;

    StreamPipe(Runtime runtime) {
        this.runtime = runtime;
    }

    /** Returns when both directions have ended. */
    void join(String url, Request request, Client client) throws IOException, InterruptedException, HttpFailure {
        URI target = URI.create(url);
        CountDownLatch noMoreInput = new CountDownLatch(1);
        Thread back;
        try (Socket upstream = new Socket()) {
            upstream.setTcpNoDelay(true);
            connect(upstream, target);
            upstream.getOutputStream().write(head(target, request).getBytes(StandardCharsets.ISO_8859_1));
            back = runtime.start("stream", () -> {
                copy(upstreamInput(upstream), client.out());
                // The runtime is done: so is the caller, whether it has more to say or not.
                client.end(noMoreInput);
            });
            // No client of this kind ends one direction only: at its end it is gone, and the runtime need not go on.
            copy(client.in(), upstream.getOutputStream());
        } finally {
            noMoreInput.countDown();
        }
        back.join();
    }

    private static void connect(Socket socket, URI target) throws HttpFailure {
        try {
            socket.connect(new InetSocketAddress(target.getHost(), target.getPort()), CONNECT_MILLIS);
        } catch (IOException e) {
            throw new HttpFailure(500, "cannot reach the container runtime's streaming server: " + e.getMessage());
        }
    }

    private static String head(URI target, Request request) {
        StringBuilder head = new StringBuilder(request.method())
                .append(' ')
                .append(target.getRawPath())
                .append(target.getRawQuery() == null ? "" : "?" + target.getRawQuery())
                .append(" HTTP/1.1\r\nHost: ")
                .append(target.getAuthority())
                .append("\r\n");
        request.headers().forEach((name, value) -> {
            if (name.equals("x-stream-protocol-version")) {
                // Offered one by one: this is how the runtime's server reads them.
                for (String version : value.split(",")) {
                    head.append("X-Stream-Protocol-Version: ")
                            .append(version.strip())
                            .append("\r\n");
                }
            } else if (!name.equals("host") && !name.equals("authorization")) {
                head.append(name).append(": ").append(value).append("\r\n");
            }
        });
        return head.append("\r\n").toString();
    }

    private static InputStream upstreamInput(Socket socket) {
        try {
            return socket.getInputStream();
        } catch (IOException e) {
            return InputStream.nullInputStream();
        }
    }

    private static void copy(InputStream in, OutputStream out) {
        byte[] buffer = new byte[32 << 10];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                out.flush();
            }
        } catch (IOException e) {
            // One side went away: the stream is over. What the other still says is read, so that it is not reset.
            drain(in, buffer);
        }
    }

    private static void drain(InputStream in, byte[] buffer) {
        try {
            int length = in.read(buffer);
            while (length >= 0) {
                length = in.read(buffer);
            }
        } catch (IOException e) {
            // So it has ended, too.
            return;
        }
    }
}
