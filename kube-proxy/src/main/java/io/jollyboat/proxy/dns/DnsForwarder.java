package io.jollyboat.proxy.dns;

import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks the host's resolvers, one after the other; those that failed a moment ago come last. Each question has a socket
 * of its own, so that its port and id are hard to guess. Blocks the calling (virtual) thread.
 */
final class DnsForwarder {
    private static final Log LOG = Log.of(DnsForwarder.class);
    private static final int TIMEOUT_MILLIS = 1_500;
    private static final long SHUN_NANOS = 10_000_000_000L;
    private static final int MAX_DATAGRAM = 65_535;

    private final Upstreams upstreams;
    private final DnsCache cache;
    private final Runtime runtime;
    private final Map<InetSocketAddress, Long> failedAtNanos = new ConcurrentHashMap<>();

    DnsForwarder(Upstreams upstreams, DnsCache cache, Runtime runtime) {
        this.upstreams = upstreams;
        this.cache = cache;
        this.runtime = runtime;
    }

    /** The answer, from the cache or a resolver; null when no resolver has one. */
    byte[] resolve(DnsQuery query, boolean tcp) {
        DnsCache.Key key = DnsCache.Key.of(query);
        byte[] known = cache.get(key);
        if (known != null && (tcp || known.length <= query.udpLimit())) {
            return DnsCache.addressed(known, query);
        }
        for (InetSocketAddress upstream : inOrder()) {
            try {
                DnsResponse response = ask(upstream, query, tcp);
                if (response.code() == ResponseCode.SERVER_FAILURE.number()
                        || response.code() == ResponseCode.REFUSED.number()) {
                    continue; // another may know
                }
                failedAtNanos.remove(upstream);
                cache.put(key, response);
                return DnsCache.addressed(response.bytes(), query);
            } catch (IOException | IllegalArgumentException e) {
                LOG.debug(
                        "resolver did not answer",
                        "resolver",
                        upstream,
                        "name",
                        query.name(),
                        "reason",
                        e.getMessage());
                failedAtNanos.put(upstream, runtime.nanoTime());
            }
        }
        return null;
    }

    private List<InetSocketAddress> inOrder() {
        List<InetSocketAddress> first = new ArrayList<>();
        List<InetSocketAddress> last = new ArrayList<>();
        for (InetSocketAddress upstream : upstreams.current()) {
            Long failed = failedAtNanos.get(upstream);
            boolean shunned = failed != null && runtime.nanoTime() - failed < SHUN_NANOS;
            (shunned ? last : first).add(upstream);
        }
        if (first.isEmpty()) {
            // All failed a moment ago: one is asked, the caller must not wait for each.
            return last.isEmpty() ? last : last.subList(0, 1);
        }
        return first;
    }

    private DnsResponse ask(InetSocketAddress upstream, DnsQuery query, boolean tcp) throws IOException {
        int id = runtime.random().nextInt(1 << 16);
        byte[] message = query.message().clone();
        ByteBuffer.wrap(message).putShort(0, (short) id);
        return tcp ? askTcp(upstream, query, id, message) : askUdp(upstream, query, id, message);
    }

    private DnsResponse askUdp(InetSocketAddress upstream, DnsQuery query, int id, byte[] message) throws IOException {
        long deadline = runtime.nanoTime() + TIMEOUT_MILLIS * 1_000_000L;
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(upstream); // a closed port is told at once
            socket.send(new DatagramPacket(message, message.length));
            byte[] buffer = new byte[MAX_DATAGRAM];
            while (true) {
                int left = (int) ((deadline - runtime.nanoTime()) / 1_000_000L);
                if (left <= 0) {
                    throw new IOException("no answer in time");
                }
                socket.setSoTimeout(left);
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] bytes = new byte[packet.getLength()];
                System.arraycopy(buffer, 0, bytes, 0, bytes.length);
                DnsResponse response = DnsResponse.parse(bytes);
                if (response.answers(id, query)) {
                    return response;
                }
            }
        }
    }

    private DnsResponse askTcp(InetSocketAddress upstream, DnsQuery query, int id, byte[] message) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(upstream, TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(2 + message.length)
                            .putShort((short) message.length)
                            .put(message)
                            .array());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] bytes = new byte[in.readUnsignedShort()];
            in.readFully(bytes);
            DnsResponse response = DnsResponse.parse(bytes);
            if (!response.answers(id, query)) {
                throw new EOFException("an answer to another question");
            }
            return response;
        }
    }
}
