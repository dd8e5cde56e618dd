package io.jollyboat.proxy.netns;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A machine or pod of the test network: a namespace, its servers, and requests from it. */
public final class Host implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 5_000;

    private final NetNamespace namespace = new NetNamespace();
    private final String name;
    private final List<AutoCloseable> servers = new ArrayList<>();

    Host(String name) {
        this.name = name;
    }

    public NetNamespace namespace() {
        return namespace;
    }

    /** Answers each TCP connection to the port with this host's name and the client's address. */
    public Host serve(int port) {
        ServerSocket server = namespace.in(() -> new ServerSocket(port));
        servers.add(server);
        Thread.startVirtualThread(() -> {
            while (!server.isClosed()) {
                try (Socket client = server.accept()) {
                    client.getOutputStream()
                            .write((name + " " + client.getInetAddress().getHostAddress())
                                    .getBytes(StandardCharsets.UTF_8));
                } catch (IOException ignored) {
                    // closed, or a client that went away
                }
            }
        });
        return this;
    }

    /** The same for datagrams. */
    public Host serveUdp(int port) {
        DatagramSocket server = namespace.in(() -> new DatagramSocket(port));
        servers.add(server);
        Thread.startVirtualThread(() -> {
            byte[] buffer = new byte[512];
            while (!server.isClosed()) {
                try {
                    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                    server.receive(packet);
                    byte[] answer =
                            (name + " " + packet.getAddress().getHostAddress()).getBytes(StandardCharsets.UTF_8);
                    server.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                } catch (IOException ignored) {
                    // closed
                }
            }
        });
        return this;
    }

    /** What a server answers: {@code NAME CLIENT-ADDRESS}, or {@code refused}, {@code timeout}, {@code unreachable}. */
    public String get(String address, int port) {
        try (Socket socket = namespace.in(Socket::new)) {
            // The kernel socket is made when it is bound: here and not on the caller's thread.
            namespace.in(() -> {
                socket.bind(null);
                return null;
            });
            socket.connect(new InetSocketAddress(address, port), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketTimeoutException e) {
            return "timeout";
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
            return message.contains("refused") ? "refused" : message.contains("unreachable") ? "unreachable" : message;
        }
    }

    /** The name part of the answer. */
    public String who(String address, int port) {
        return get(address, port).split(" ", 2)[0];
    }

    /** A UDP client with one port for all its requests. */
    public UdpClient udp(String address, int port) {
        return new UdpClient(namespace.in(DatagramSocket::new), new InetSocketAddress(address, port));
    }

    @Override
    public void close() {
        for (AutoCloseable server : servers) {
            try {
                server.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        namespace.close();
    }

    /** One client, one source port. */
    public record UdpClient(DatagramSocket socket, InetSocketAddress server) implements AutoCloseable {
        public String ask() {
            try {
                socket.setSoTimeout(PATIENCE_MILLIS);
                byte[] question = {1};
                socket.send(new DatagramPacket(
                        question,
                        1,
                        InetAddress.getByAddress(server.getAddress().getAddress()),
                        server.getPort()));
                DatagramPacket answer = new DatagramPacket(new byte[512], 512);
                socket.receive(answer);
                return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
            } catch (SocketTimeoutException e) {
                return "timeout";
            } catch (IOException e) {
                return String.valueOf(e.getMessage());
            }
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
