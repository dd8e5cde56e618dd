package io.jollyboat.apiserver.storage;

import com.google.common.net.HostAndPort;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.runtime.SystemRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A stretch of wire before a server, which loses what a test wants it to: holds requests or answers back, is slow, breaks
 * in the middle. It passes bytes on and knows nothing of what they mean.
 */
public final class FaultyWire implements AutoCloseable {
    private static final Runtime RUNTIME = SystemRuntime.instance();
    private static final int PIECE = 16 * 1024;

    private final HostAndPort target;
    private final ServerSocket entrance;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean holdRequests;
    private boolean holdAnswers;
    private boolean refusing;
    private volatile Duration delay = Duration.ZERO;
    /** How many more bytes of answers pass before the wire breaks; negative for any number. */
    private long answersLeft = -1;

    private FaultyWire(HostAndPort target) throws IOException {
        this.target = target;
        this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** @param target {@code host:port} */
    public static FaultyWire to(String target) {
        try {
            FaultyWire wire = new FaultyWire(HostAndPort.fromString(target));
            RUNTIME.start("wire", wire::accept);
            return wire;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the server is to be reached. */
    public String endpoint() {
        return "127.0.0.1:" + entrance.getLocalPort();
    }

    /** The way to the same etcd, along this wire. */
    public EtcdConfig along(EtcdConfig config, Duration requestTimeout) {
        return new EtcdConfig(List.of(endpoint()), config.tls(), requestTimeout);
    }

    /** From now on what clients send stays on the wire. */
    public void holdRequests() {
        change(() -> holdRequests = true);
    }

    /** From now on what the server sends stays on the wire. */
    public void holdAnswers() {
        change(() -> holdAnswers = true);
    }

    /** Everything that comes takes so much longer. */
    public void delay(Duration longer) {
        delay = longer;
    }

    /** After so many more bytes of answers the connection breaks that carries the last of them. */
    public void breakAfter(long bytesOfAnswers) {
        change(() -> answersLeft = bytesOfAnswers);
    }

    /** Breaks all connections, as a reset does; what was held back is lost. New ones are taken. */
    public void breakNow() {
        links.forEach(Link::close);
    }

    /** As {@link #breakNow}, and new connections break as soon as they are made. */
    public void cut() {
        change(() -> refusing = true);
        breakNow();
    }

    /** Passes all on that comes, and what was held back first. */
    public void heal() {
        delay = Duration.ZERO;
        change(() -> {
            holdRequests = false;
            holdAnswers = false;
            refusing = false;
            answersLeft = -1;
        });
    }

    /** How many connections there are. */
    public int connections() {
        return links.size();
    }

    @Override
    public void close() {
        try {
            entrance.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        breakNow();
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                Socket client = entrance.accept();
                Link link = new Link(client, new Socket());
                links.add(link);
                RUNTIME.start("wire", link::open);
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private final class Link {
        private final Socket client;
        private final Socket server;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void open() {
            try {
                if (isRefusing()) {
                    close();
                    return;
                }
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                server.connect(new InetSocketAddress(target.getHost(), target.getPort()));
                RUNTIME.start("wire", () -> pass(server, client, true));
                pass(client, server, false);
            } catch (IOException e) {
                close();
            }
        }

        private void pass(Socket from, Socket to, boolean answers) {
            byte[] piece = new byte[PIECE];
            try (InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                    if (!delay.isZero()) {
                        RUNTIME.sleep(delay);
                    }
                    int passes = passing(length, answers);
                    out.write(piece, 0, passes);
                    if (passes < length) {
                        break;
                    }
                }
            } catch (IOException e) {
                // Broken, by us or by an end: the other hears of it below.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                close();
            }
        }

        /** Waits until something may pass; how much of it does. */
        private int passing(int length, boolean answers) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                while ((answers ? holdAnswers : holdRequests) && !client.isClosed()) {
                    changed.await();
                }
                if (!answers || answersLeft < 0) {
                    return length;
                }
                int passes = (int) Math.min(length, answersLeft);
                answersLeft = passes < length ? -1 : answersLeft - passes;
                return passes;
            } finally {
                lock.unlock();
            }
        }

        /** With a reset, so that neither end takes it for an orderly end. */
        void close() {
            links.remove(this);
            reset(client);
            reset(server);
            change(() -> {});
        }

        private static void reset(Socket socket) {
            try {
                if (!socket.isClosed()) {
                    socket.setSoLinger(true, 0);
                }
                socket.close();
            } catch (IOException e) {
                // It is gone, which is what was wanted.
            }
        }
    }

    private boolean isRefusing() {
        lock.lock();
        try {
            return refusing;
        } finally {
            lock.unlock();
        }
    }
}
