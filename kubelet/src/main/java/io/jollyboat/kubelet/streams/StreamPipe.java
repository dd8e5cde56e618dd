package io.jollyboat.kubelet.streams;

import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/** Hands an upgraded connection on to the runtime's streaming server: the request's head anew, then bytes both ways. */
public final class StreamPipe {
    private final Runtime runtime;
    private final Duration period;

    public StreamPipe(Runtime runtime) {
        this(runtime, StallWatch.PERIOD);
    }

    /** @param period of the signs of life towards a client whose input stands still */
    StreamPipe(Runtime runtime, Duration period) {
        this.runtime = runtime;
        this.period = period;
    }

    /**
     * Returns when both directions have ended.
     *
     * @param url the runtime's, for this stream
     * @param headers the client's, names in lower case
     * @throws UnreachableException before anything was said to the client
     */
    public void join(String url, String method, Map<String, String> headers, Client client)
            throws IOException, InterruptedException {
        URI target = URI.create(url);
        CountDownLatch noMoreInput = new CountDownLatch(1);
        Thread back;
        try (Socket upstream = RuntimeLink.connect(target)) {
            upstream.getOutputStream().write(head(target, method, headers).getBytes(StandardCharsets.ISO_8859_1));
            ToClient output = new ToClient(client.out());
            InputStream answers = upstream.getInputStream();
            back = runtime.start("stream", () -> {
                output.copy(answers);
                // The runtime is done: so is the caller, whether it has more to say or not.
                client.end(noMoreInput);
            });
            try (StallWatch watch = new StallWatch(runtime, period, output::beat, () -> {
                RuntimeLink.drop(upstream);
                client.drop();
            })) {
                // No client of this kind ends one direction only: at its end it is gone, and the runtime need not go
                // on.
                toRuntime(client.in(), upstream.getOutputStream(), watch);
            }
        } finally {
            noMoreInput.countDown();
        }
        back.join();
    }

    private static String head(URI target, String method, Map<String, String> headers) {
        StringBuilder head = new StringBuilder(method)
                .append(' ')
                .append(target.getRawPath())
                .append(target.getRawQuery() == null ? "" : "?" + target.getRawQuery())
                .append(" HTTP/1.1\r\nHost: ")
                .append(target.getAuthority())
                .append("\r\n");
        headers.forEach((name, value) -> {
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

    private static void toRuntime(InputStream in, OutputStream out, StallWatch watch) {
        byte[] buffer = new byte[32 << 10];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                watch.begin();
                try {
                    out.write(buffer, 0, n);
                    out.flush();
                } finally {
                    watch.end();
                }
            }
        } catch (IOException e) {
            // One side went away: the stream is over. What the client still says is read, so that it is not reset.
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

    /** What the runtime says, and between its frames a sign of life. */
    private static final class ToClient {
        private final OutputStream out;
        private final FrameTracker frames = new FrameTracker();
        private final ReentrantLock writing = new ReentrantLock();

        ToClient(OutputStream out) {
            this.out = out;
        }

        void copy(InputStream in) {
            byte[] buffer = new byte[32 << 10];
            try {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    writing.lock();
                    try {
                        frames.passed(buffer, 0, n);
                        out.write(buffer, 0, n);
                        out.flush();
                    } finally {
                        writing.unlock();
                    }
                }
            } catch (IOException e) {
                drain(in, buffer);
            }
        }

        void beat() throws IOException {
            writing.lock();
            try {
                byte[] beat = frames.beat();
                if (beat.length > 0) {
                    out.write(beat);
                    out.flush();
                }
            } finally {
                writing.unlock();
            }
        }
    }
}
