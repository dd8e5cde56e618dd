package io.jollyboat.proxy.dns;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A resolver of the test's own, which shares no code with the server: what {@code dig} would show. */
public final class DnsClient {
    private static final Map<String, Integer> TYPES = Map.of(
            "A", 1, "NS", 2, "CNAME", 5, "SOA", 6, "PTR", 12, "TXT", 16, "AAAA", 28, "SRV", 33, "ANY", 255, "MX", 15);

    private final InetSocketAddress server;

    public DnsClient(InetSocketAddress server) {
        this.server = server;
    }

    /** An answer: flags by name, and each record as {@code name ttl TYPE data}. */
    public record Reply(
            String code,
            List<String> flags,
            String question,
            List<String> answers,
            List<String> authority,
            List<String> additional,
            int size) {
        /** The data of the answers, sorted. */
        public List<String> data() {
            return answers.stream().map(a -> a.split(" ", 4)[3]).sorted().toList();
        }
    }

    public Reply udp(String name, String type) throws IOException {
        return send(query(name, TYPES.get(type), 0, false));
    }

    /** With EDNS and this datagram size. */
    public Reply edns(String name, String type, int size) throws IOException {
        return send(query(name, TYPES.get(type), size, true));
    }

    Reply send(byte[] query) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(60_000);
            socket.send(new DatagramPacket(query, query.length, server));
            DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
            socket.receive(packet);
            byte[] bytes = new byte[packet.getLength()];
            System.arraycopy(packet.getData(), 0, bytes, 0, bytes.length);
            return read(query, bytes);
        }
    }

    public Reply tcp(String name, String type) throws IOException {
        try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
            return tcp(socket, name, type);
        }
    }

    Reply tcp(Socket socket, String name, String type) throws IOException {
        socket.setSoTimeout(60_000);
        byte[] query = query(name, TYPES.get(type), 0, false);
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeShort(query.length);
        out.write(query);
        out.flush();
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] bytes = new byte[in.readUnsignedShort()];
        in.readFully(bytes);
        return read(query, bytes);
    }

    static byte[] query(String name, int type, int size, boolean edns) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, (byte) (edns ? 1 : 0)});
        for (String label : name.isEmpty() ? new String[0] : name.split("\\.")) {
            byte[] bytes = label.getBytes(StandardCharsets.US_ASCII);
            out.write(bytes.length);
            out.writeBytes(bytes);
        }
        out.writeBytes(new byte[] {0, 0, (byte) type, 0, 1});
        if (edns) {
            out.writeBytes(new byte[] {0, 0, 41, (byte) (size >> 8), (byte) size, 0, 0, 0, 0, 0, 0});
        }
        return out.toByteArray();
    }

    private static Reply read(byte[] query, byte[] bytes) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.getShort(0) != ByteBuffer.wrap(query).getShort(0)) {
            throw new IOException("another id");
        }
        int bits = in.getShort(2) & 0xffff;
        List<String> flags = new ArrayList<>();
        String[] names = {"qr", "aa", "tc", "rd", "ra", "cd"};
        int[] masks = {0x8000, 0x0400, 0x0200, 0x0100, 0x0080, 0x0010};
        for (int i = 0; i < names.length; i++) {
            if ((bits & masks[i]) != 0) {
                flags.add(names[i]);
            }
        }
        String code = switch (bits & 15) {
            case 0 -> "NOERROR";
            case 1 -> "FORMERR";
            case 2 -> "SERVFAIL";
            case 3 -> "NXDOMAIN";
            case 4 -> "NOTIMP";
            case 5 -> "REFUSED";
            default -> "code " + (bits & 15);
        };
        in.position(12);
        String question = "";
        if (in.getShort(4) == 1) {
            question = name(in);
            in.getInt();
        }
        List<String> answers = records(in, in.getShort(6));
        List<String> authority = records(in, in.getShort(8));
        List<String> additional = records(in, in.getShort(10));
        if (in.hasRemaining()) {
            throw new IOException("bytes after the end");
        }
        return new Reply(code, flags, question, answers, authority, additional, bytes.length);
    }

    private static List<String> records(ByteBuffer in, int count) throws IOException {
        List<String> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = name(in);
            int type = in.getShort() & 0xffff;
            int recordClass = in.getShort() & 0xffff;
            int ttl = in.getInt();
            int end = (in.getShort() & 0xffff) + in.position();
            if (type == 41) {
                records.add("OPT " + recordClass);
            } else {
                String typeName = TYPES.entrySet().stream()
                        .filter(e -> e.getValue() == type)
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse("TYPE" + type);
                records.add(name + " " + ttl + " " + typeName + " " + data(in, type, end));
            }
            in.position(end);
        }
        return records;
    }

    private static String data(ByteBuffer in, int type, int end) throws IOException {
        return switch (type) {
            case 1, 28 ->
                InetAddress.getByAddress(bytes(in, end - in.position())).getHostAddress();
            case 2, 5, 12 -> name(in);
            case 33 -> in.getShort() + " " + in.getShort() + " " + (in.getShort() & 0xffff) + " " + name(in);
            case 6 -> {
                String names = name(in) + " " + name(in);
                in.getInt();
                yield names + " " + in.getInt() + " " + in.getInt() + " " + in.getInt() + " " + in.getInt();
            }
            case 16 -> new String(bytes(in, in.get()), StandardCharsets.UTF_8);
            default -> (end - in.position()) + " bytes";
        };
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static String name(ByteBuffer in) {
        StringBuilder name = new StringBuilder();
        int back = -1;
        while (true) {
            int length = in.get() & 0xff;
            if (length == 0) {
                break;
            }
            if (length >= 0xc0) {
                int target = ((length & 0x3f) << 8) | (in.get() & 0xff);
                back = back < 0 ? in.position() : back;
                in.position(target);
                continue;
            }
            byte[] label = new byte[length];
            in.get(label);
            name.append(new String(label, StandardCharsets.US_ASCII)).append('.');
        }
        if (back >= 0) {
            in.position(back);
        }
        return name.toString();
    }
}
