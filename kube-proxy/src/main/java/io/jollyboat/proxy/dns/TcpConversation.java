package io.jollyboat.proxy.dns;

import io.jollyboat.log.Log;
import io.prometheus.metrics.core.metrics.Counter;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The questions of one TCP connection, one after the other, until the client closes or is silent for too long. */
final class TcpConversation {
    private static final Log LOG = Log.of(TcpConversation.class);
    private static final int IDLE_MILLIS = 10_000;

    private final DnsResolver resolver;
    private final Counter queries;

    TcpConversation(DnsResolver resolver, Counter queries) {
        this.resolver = resolver;
        this.queries = queries;
    }

    void run(SocketChannel channel) {
        try (Socket socket = channel.socket()) {
            socket.setSoTimeout(IDLE_MILLIS);
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                byte[] message = new byte[in.readUnsignedShort()];
                in.readFully(message);
                queries.labelValues("tcp").inc();
                byte[] answer = answer(message);
                if (answer == null) {
                    return;
                }
                socket.getOutputStream()
                        .write(ByteBuffer.allocate(2 + answer.length)
                                .putShort((short) answer.length)
                                .put(answer)
                                .array());
            }
        } catch (EOFException | SocketTimeoutException e) {
            LOG.debug("DNS connection over", "reason", e.getMessage());
        } catch (IOException e) {
            LOG.debug("DNS connection lost", "reason", e.getMessage());
        }
    }

    /** Null for what deserves no answer. */
    private byte[] answer(byte[] message) {
        try {
            DnsQuery query = DnsQuery.parse(message);
            if (query == null) {
                return null;
            }
            return resolver.atOnce(query, true).orElseGet(() -> resolver.resolve(query, true));
        } catch (DnsQuery.Malformed e) {
            return DnsWriter.refusal(message, e.code());
        }
    }
}
