package io.jollyboat.proxy.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A resolver that knows a few addresses, over UDP and TCP on one port. */
final class FakeUpstream implements AutoCloseable {
    private final ServerSocket tcp = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final DatagramSocket udp = new DatagramSocket(tcp.getLocalPort(), InetAddress.getLoopbackAddress());
    private final Map<String, byte[]> records = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** What goes wrong with datagrams. */
    private volatile Fault fault = Fault.NONE;

    enum Fault {
        NONE,
        /** No datagram is answered. */
        SILENT,
        /** Datagrams hold no records and say that there are some. */
        TRUNCATED,
        /** The server says that it cannot. */
        FAILING
    }

    void fail(Fault fault) {
        this.fault = fault;
    }

    FakeUpstream() throws IOException {
        Thread.startVirtualThread(this::serveUdp);
        Thread.startVirtualThread(this::serveTcp);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) udp.getLocalSocketAddress();
    }

    void address(String name, String ip, int ttl) {
        records.put(
                name + ".",
                ByteBuffer.allocate(16)
                        .putShort((short) 0xc00c)
                        .putShort((short) 1)
                        .putShort((short) 1)
                        .putInt(ttl)
                        .putShort((short) 4)
                        .put(InetAddress.ofLiteral(ip).getAddress())
                        .array());
    }

    /** The names that were asked for, as they were written. */
    List<String> asked() {
        return asked;
    }

    private void serveUdp() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
                udp.receive(packet);
                byte[] answer = answer(packet.getData(), packet.getLength());
                switch (fault) {
                    case SILENT -> {
                        continue;
                    }
                    case TRUNCATED -> {
                        answer[2] |= 2;
                        answer[7] = 0;
                        answer = Arrays.copyOf(answer, packet.getLength());
                    }
                    case FAILING -> answer[3] = (byte) ((answer[3] & 0xf0) | 2);
                    case NONE -> {}
                }
                udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (IOException ignored) {
            // closed
        }
    }

    private void serveTcp() {
        try {
            while (true) {
                try (Socket client = tcp.accept()) {
                    DataInputStream in = new DataInputStream(client.getInputStream());
                    byte[] query = new byte[in.readUnsignedShort()];
                    in.readFully(query);
                    byte[] answer = answer(query, query.length);
                    DataOutputStream out = new DataOutputStream(client.getOutputStream());
                    out.writeShort(answer.length);
                    out.write(answer);
                    out.flush();
                }
            }
        } catch (IOException ignored) {
            // closed
        }
    }

    private byte[] answer(byte[] query, int length) {
        StringBuilder name = new StringBuilder();
        int at = 12;
        while (query[at] != 0) {
            name.append(new String(query, at + 1, query[at], StandardCharsets.US_ASCII))
                    .append('.');
            at += query[at] + 1;
        }
        asked.add(name.toString());
        byte[] record = records.get(name.toString().toLowerCase(Locale.ROOT));
        int end = at + 5;
        ByteBuffer out = ByteBuffer.allocate(end + (record == null ? 0 : record.length));
        out.put(query, 0, Math.min(end, length));
        out.put(2, (byte) 0x81).put(3, (byte) (record == null ? 0x83 : 0x80));
        out.putShort(6, (short) (record == null ? 0 : 1)).putShort(8, (short) 0).putShort(10, (short) 0);
        if (record != null) {
            out.put(record);
        }
        return out.array();
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}
