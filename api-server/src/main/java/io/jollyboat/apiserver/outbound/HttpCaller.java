package io.jollyboat.apiserver.outbound;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** Calls servers, over connections that are kept a while. Thread-safe. */
public final class HttpCaller implements AutoCloseable {
    private static final byte[] NOTHING = {};
    private static final int KEPT_PER_PEER = 25;
    private static final Duration KEPT_FOR = Duration.ofSeconds(90);

    private final Runtime runtime;
    private final Connector connector;
    private final Map<Peer, Deque<Kept>> kept = new HashMap<>();
    private boolean closed;

    public HttpCaller(Runtime runtime) {
        this.runtime = runtime;
        this.connector = new Connector(runtime::now);
    }

    private record Kept(Connection connection, Instant since) {}

    /** A whole answer. */
    public record Answer(Head head, ByteString body) {}

    /** An answer whose body is still to be read. Close it in any case. */
    public final class Streamed implements AutoCloseable {
        private final Peer peer;
        private final Connection connection;
        private final Head head;
        private final InputStream body;
        private final boolean keep;

        private Streamed(Peer peer, Connection connection, Head head, InputStream body, boolean keep) {
            this.keep = keep;
            this.peer = peer;
            this.connection = connection;
            this.head = head;
            this.body = body;
        }

        public Head head() {
            return head;
        }

        public InputStream body() {
            return body;
        }

        /** For an answer that switched protocols. */
        public Connection connection() {
            return connection;
        }

        /** Keeps the connection where the body was read to its end. */
        @Override
        public void close() {
            if (keep && connection.reusable()) {
                keep(peer, connection);
            } else {
                connection.close();
            }
        }
    }

    /**
     * Sends a request and reads the whole answer.
     *
     * @param maxBytes of the answer's body
     * @throws CallException also when the time is over, however far the call is
     */
    public Answer call(
            Peer peer,
            String method,
            String path,
            List<Map.Entry<String, String>> headers,
            byte[] body,
            Duration timeout,
            int maxBytes)
            throws CallException, InterruptedException {
        return call(peer, method, path, headers, body, timeout, maxBytes, true);
    }

    /** As {@link #call}, for what may not be sent twice: on a connection that nobody has used. */
    public Answer callOnce(
            Peer peer,
            String method,
            String path,
            List<Map.Entry<String, String>> headers,
            byte[] body,
            Duration timeout,
            int maxBytes)
            throws CallException, InterruptedException {
        return call(peer, method, path, headers, body, timeout, maxBytes, false);
    }

    private Answer call(
            Peer peer,
            String method,
            String path,
            List<Map.Entry<String, String>> headers,
            byte[] body,
            Duration timeout,
            int maxBytes,
            boolean keep)
            throws CallException, InterruptedException {
        AtomicReference<AutoCloseable> open = new AtomicReference<>(() -> {});
        CompletableFuture<Answer> result = new CompletableFuture<>();
        // A thread of its own, since a name's lookup cannot be given up.
        Thread thread = runtime.start("call " + peer.authority(), () -> {
            try (Streamed streamed = send(peer, method, path, headers, body == null ? NOTHING : body, open, keep)) {
                byte[] all = streamed.body().readNBytes(maxBytes);
                if (all.length == maxBytes && streamed.body().read() >= 0) {
                    throw new CallException("response body is larger than " + maxBytes + " bytes");
                }
                result.complete(new Answer(streamed.head(), UnsafeByteOperations.unsafeWrap(all)));
            } catch (CallException e) {
                result.completeExceptionally(e);
            } catch (IOException e) {
                result.completeExceptionally(new CallException(Connector.words(e)));
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            giveUp(open, thread);
            throw new CallException("context deadline exceeded");
        } catch (InterruptedException e) {
            giveUp(open, thread);
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CallException failed) {
                throw failed;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static void giveUp(AtomicReference<AutoCloseable> open, Thread thread) {
        AutoCloseable last = open.getAndSet(null);
        thread.interrupt();
        try {
            last.close();
        } catch (Exception e) {
            // It is being given up anyway.
        }
    }

    /** Sends a request on the caller's thread, on a connection of its own, and waits for the answer's head. */
    public Streamed once(Peer peer, String method, String path, List<Map.Entry<String, String>> headers, byte[] body)
            throws CallException {
        return send(peer, method, path, headers, body, new AtomicReference<>(() -> {}), false);
    }

    /**
     * As {@link #once}, over a connection that may have been used before and may be used again: for requests that do no
     * harm when they are sent twice, as the other side may just have given it up.
     */
    public Streamed again(Peer peer, String method, String path, List<Map.Entry<String, String>> headers, Giving giving)
            throws CallException {
        return send(peer, method, path, headers, NOTHING, giving.open, true);
    }

    /** As {@link #once}, and may be given up from elsewhere. */
    public Streamed once(
            Peer peer, String method, String path, List<Map.Entry<String, String>> headers, byte[] body, Giving giving)
            throws CallException {
        return send(peer, method, path, headers, body, giving.open, false);
    }

    /**
     * As {@link #once}, with a body that is sent while it comes; the answer may be there before its end, which then nobody
     * waits for.
     */
    public Streamed streaming(
            Peer peer,
            String method,
            String path,
            List<Map.Entry<String, String>> headers,
            Content content,
            Giving giving)
            throws CallException {
        List<Map.Entry<String, String>> all = new ArrayList<>();
        all.add(Map.entry("Host", peer.authority()));
        all.addAll(headers);
        all.add(
                content.length() < 0
                        ? Map.entry("Transfer-Encoding", "chunked")
                        : Map.entry("Content-Length", Long.toString(content.length())));
        Connection connection = connector.open(peer, socket -> mind(giving.open, socket));
        try {
            connection.begin(method, path, all);
            runtime.start("body to " + peer.authority(), () -> {
                try {
                    connection.send(content);
                } catch (IOException e) {
                    // Whoever reads the answer sees what came of it.
                    return;
                }
            });
            Head head = connection.readHead();
            if (head == null) {
                throw new CallException("EOF");
            }
            return new Streamed(peer, connection, head, connection.body(head, method), false);
        } catch (IOException e) {
            connection.close();
            throw new CallException(Connector.words(e));
        } catch (CallException e) {
            connection.close();
            throw e;
        }
    }

    /** By which a call is given up from elsewhere, until it is closed. */
    public static final class Giving implements AutoCloseable {
        private final AtomicReference<AutoCloseable> open = new AtomicReference<>(() -> {});

        /** Closes the connection; who waits on it fails. */
        public void up() {
            AutoCloseable last = open.getAndSet(null);
            try {
                if (last != null) {
                    last.close();
                }
            } catch (Exception e) {
                // It is being given up anyway.
            }
        }

        /** The call is over: its connection may be another's by now. */
        @Override
        public void close() {
            open.set(() -> {});
        }
    }

    /** A connection for what is no plain request. */
    public Connection open(Peer peer) throws CallException {
        return connector.open(peer, socket -> {});
    }

    private Streamed send(
            Peer peer,
            String method,
            String path,
            List<Map.Entry<String, String>> headers,
            byte[] body,
            AtomicReference<AutoCloseable> open,
            boolean keep)
            throws CallException {
        List<Map.Entry<String, String>> all = new ArrayList<>();
        all.add(Map.entry("Host", peer.authority()));
        all.addAll(headers);
        if (body.length > 0 || method.equals("POST") || method.equals("PUT") || method.equals("PATCH")) {
            all.add(Map.entry("Content-Length", Integer.toString(body.length)));
        }
        while (true) {
            Connection connection = connection(peer, open, keep);
            boolean fresh = !connection.used();
            try {
                connection.send(method, path, all, body);
                Head head = connection.readHead();
                if (head != null) {
                    InputStream content = head.code() == 101 ? connection.input() : connection.body(head, method);
                    return new Streamed(peer, connection, head, content, keep);
                }
                if (fresh) {
                    throw new CallException("EOF");
                }
            } catch (IOException e) {
                connection.close();
                if (fresh) {
                    throw new CallException(Connector.words(e));
                }
            } catch (CallException e) {
                connection.close();
                throw e;
            }
            // The other side gave up a connection that was kept: it has not seen the request.
            connection.close();
        }
    }

    private Connection connection(Peer peer, AtomicReference<AutoCloseable> open, boolean keep) throws CallException {
        Connection present = keep ? take(peer) : null;
        if (present != null) {
            mind(open, present);
            return present;
        }
        return connector.open(peer, socket -> mind(open, socket));
    }

    /** Closes what was opened for a call that has been given up. */
    private static void mind(AtomicReference<AutoCloseable> open, AutoCloseable opened) {
        AutoCloseable before = open.get();
        if (before == null || !open.compareAndSet(before, opened)) {
            try {
                opened.close();
            } catch (Exception e) {
                // It is being given up anyway.
            }
        }
    }

    private Connection take(Peer peer) {
        Instant oldest = runtime.now().minus(KEPT_FOR);
        synchronized (kept) {
            Deque<Kept> idle = kept.get(peer);
            if (idle == null) {
                return null;
            }
            Kept last = idle.pollLast();
            while (!idle.isEmpty() && idle.peekFirst().since().isBefore(oldest)) {
                idle.pollFirst().connection().close();
            }
            if (idle.isEmpty()) {
                kept.remove(peer);
            }
            if (last != null && last.since().isBefore(oldest)) {
                last.connection().close();
                return null;
            }
            return last == null ? null : last.connection();
        }
    }

    private void keep(Peer peer, Connection connection) {
        synchronized (kept) {
            if (!closed) {
                Deque<Kept> idle = kept.computeIfAbsent(peer, key -> new ArrayDeque<>());
                idle.addLast(new Kept(connection, runtime.now()));
                if (idle.size() > KEPT_PER_PEER) {
                    idle.pollFirst().connection().close();
                }
                return;
            }
        }
        connection.close();
    }

    /** Ends the connections that are kept for peers of which the test says that they are no longer called. */
    public void forget(java.util.function.Predicate<Peer> gone) {
        synchronized (kept) {
            kept.entrySet().removeIf(entry -> {
                boolean matches = gone.test(entry.getKey());
                if (matches) {
                    entry.getValue().forEach(one -> one.connection().close());
                }
                return matches;
            });
        }
    }

    @Override
    public void close() {
        synchronized (kept) {
            closed = true;
        }
        forget(peer -> true);
    }
}
