package io.jollyboat.proxy.dns;

import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import io.prometheus.metrics.core.metrics.Counter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** UDP and TCP on one address. */
final class DnsListener implements AutoCloseable {
    private static final Log LOG = Log.of(DnsListener.class);
    private static final int MAX_FORWARDED = 512;
    private static final int MAX_CONNECTIONS = 256;

    private final InetSocketAddress listen;
    private final DnsResolver resolver;
    private final Runtime runtime;
    private final Counter queries;
    private final Semaphore forwarded = new Semaphore(MAX_FORWARDED);
    private final Semaphore connections = new Semaphore(MAX_CONNECTIONS);
    private DatagramChannel udp;
    private ServerSocketChannel tcp;

    DnsListener(InetSocketAddress listen, DnsResolver resolver, Runtime runtime, Counter queries) {
        this.listen = listen;
        this.resolver = resolver;
        this.runtime = runtime;
        this.queries = queries;
    }

    /** Listens; IOException when the address cannot be had. */
    void start() throws IOException {
        udp = DatagramChannel.open();
        try {
            udp.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            udp.bind(listen);
            tcp = ServerSocketChannel.open();
            tcp.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            tcp.bind(address());
        } catch (IOException e) {
            close();
            throw new IOException("DNS cannot listen on " + listen + ": " + e.getMessage(), e);
        }
        runtime.start("dns-udp", this::serveUdp);
        runtime.start("dns-tcp", this::serveTcp);
    }

    /** Where it listens, with the real port. */
    InetSocketAddress address() {
        try {
            return (InetSocketAddress) udp.getLocalAddress();
        } catch (IOException e) {
            throw new IllegalStateException("the server is closed", e);
        }
    }

    private void serveUdp() {
        ByteBuffer buffer = ByteBuffer.allocate(4_096);
        while (udp.isOpen()) {
            try {
                buffer.clear();
                SocketAddress client = udp.receive(buffer);
                byte[] message = Arrays.copyOf(buffer.array(), buffer.position());
                queries.labelValues("udp").inc();
                datagram(message, client);
            } catch (AsynchronousCloseException e) {
                return;
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // Such as an earlier answer's "port unreachable": of no interest to the next client.
                LOG.debug("DNS datagram failed", "reason", e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("DNS question failed", e);
            }
        }
    }

    private void datagram(byte[] message, SocketAddress client) throws IOException {
        DnsQuery query;
        try {
            query = DnsQuery.parse(message);
        } catch (DnsQuery.Malformed e) {
            send(DnsWriter.refusal(message, e.code()), client);
            return;
        }
        if (query == null) {
            return;
        }
        Optional<byte[]> answer = resolver.atOnce(query, false);
        if (answer.isPresent()) {
            send(answer.get(), client);
        } else if (forwarded.tryAcquire()) {
            runtime.start("dns-forward", () -> {
                try {
                    send(resolver.resolve(query, false), client);
                } catch (IOException e) {
                    LOG.debug("DNS answer not sent", "client", client, "reason", e.getMessage());
                } finally {
                    forwarded.release();
                }
            });
        } else {
            send(DnsWriter.write(query, DnsAnswer.failure(ResponseCode.SERVER_FAILURE), query.udpLimit()), client);
        }
    }

    private void send(byte[] message, SocketAddress client) throws IOException {
        udp.send(ByteBuffer.wrap(message), client);
    }

    private void serveTcp() {
        TcpConversation conversation = new TcpConversation(resolver, queries);
        while (tcp.isOpen()) {
            try {
                SocketChannel client = tcp.accept();
                if (!connections.tryAcquire()) {
                    client.close();
                    continue;
                }
                runtime.start("dns-connection", () -> {
                    try {
                        conversation.run(client);
                    } finally {
                        connections.release();
                    }
                });
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("DNS connection not accepted", "reason", e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        try {
            if (udp != null) {
                udp.close();
            }
            if (tcp != null) {
                tcp.close();
            }
        } catch (IOException e) {
            LOG.warn("DNS server not closed in order", "reason", e.getMessage());
        }
    }
}
