package io.jollyboat.proxy.dns;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes an answer as a message. The question is repeated as the client wrote it, and answers point to it. */
final class DnsWriter {
    private static final int OUR_UDP_SIZE = 1232;
    private static final int MAX_MESSAGE = 65_535;
    private static final int IN = 1;
    private static final int OPT_SIZE = 11;

    private final ByteBuffer out = ByteBuffer.allocate(MAX_MESSAGE);
    private final Map<String, Integer> offsets = new HashMap<>();
    private final int limit;

    private DnsWriter(int limit) {
        this.limit = limit;
    }

    /** @param limit the longest message the client takes; what does not fit is left out and the answer says so */
    static byte[] write(DnsQuery query, DnsAnswer answer, int limit) {
        return new DnsWriter(Math.min(limit, MAX_MESSAGE)).message(query, answer);
    }

    /** The answer to a message that could not be understood. */
    static byte[] refusal(byte[] message, ResponseCode code) {
        return ByteBuffer.allocate(DnsQuery.HEADER)
                .putShort((short) DnsQuery.unsigned(message, 0))
                .putShort((short) (0x8000 | (DnsQuery.unsigned(message, 2) & 0x7900) | code.number()))
                .putLong(0)
                .array();
    }

    private byte[] message(DnsQuery query, DnsAnswer answer) {
        out.position(DnsQuery.HEADER);
        offsets.put(query.name(), DnsQuery.HEADER);
        suffixes(query.name());
        out.put(query.question());
        int budget = limit - (query.edns() ? OPT_SIZE : 0);

        int answers = section(answer.answers(), budget);
        boolean truncated = answers < answer.answers().size();
        int authorities = truncated ? 0 : section(answer.authority(), budget);
        int additionals = truncated ? 0 : section(answer.additional(), budget);
        if (query.edns()) {
            opt(query, answer.code());
        }
        int flags = 0x8000
                | (query.flags() & 0x0110) // recursion desired, checking disabled
                | 0x0080
                | (answer.authoritative() ? 0x0400 : 0)
                | (truncated ? 0x0200 : 0)
                | (answer.code().number() & 15);
        out.putShort(0, (short) query.id());
        out.putShort(2, (short) flags);
        out.putShort(4, (short) 1);
        out.putShort(6, (short) answers);
        out.putShort(8, (short) authorities);
        out.putShort(10, (short) (additionals + (query.edns() ? 1 : 0)));
        byte[] message = new byte[out.position()];
        out.get(0, message);
        return message;
    }

    /** Later names may point into the question's. */
    private void suffixes(String name) {
        int at = DnsQuery.HEADER;
        String rest = name;
        while (!rest.isEmpty()) {
            offsets.putIfAbsent(rest, at);
            int dot = rest.indexOf('.');
            at += (dot < 0 ? rest.length() : dot) + 1;
            rest = dot < 0 ? "" : rest.substring(dot + 1);
        }
        offsets.remove("");
    }

    private int section(List<DnsRecord> records, int budget) {
        int written = 0;
        for (DnsRecord record : records) {
            int start = out.position();
            record(record);
            if (out.position() > budget) {
                out.position(start);
                offsets.values().removeIf(offset -> offset >= start);
                return written;
            }
            written++;
        }
        return written;
    }

    private void record(DnsRecord record) {
        name(record.name());
        out.putShort((short) record.data().type());
        out.putShort((short) IN);
        out.putInt(record.ttlSeconds());
        int lengthAt = out.position();
        out.putShort((short) 0);
        data(record.data());
        out.putShort(lengthAt, (short) (out.position() - lengthAt - 2));
    }

    private void data(DnsRecord.Data data) {
        switch (data) {
            case DnsRecord.Address address -> out.put(address.ip().getAddress());
            case DnsRecord.Service service -> {
                out.putShort((short) service.priority());
                out.putShort((short) service.weight());
                out.putShort((short) service.port());
                plainName(service.target()); // RFC 2782: not compressed
            }
            case DnsRecord.Pointer pointer -> name(pointer.target());
            case DnsRecord.Alias alias -> name(alias.target());
            case DnsRecord.NameServer server -> name(server.target());
            case DnsRecord.Text text -> {
                byte[] bytes = text.value().getBytes(StandardCharsets.UTF_8);
                out.put((byte) bytes.length);
                out.put(bytes);
            }
            case DnsRecord.Authority soa -> {
                name(soa.server());
                name(soa.contact());
                out.putInt(soa.serial());
                out.putInt(7200);
                out.putInt(1800);
                out.putInt(86_400);
                out.putInt(soa.minimumSeconds());
            }
        }
    }

    private void opt(DnsQuery query, ResponseCode code) {
        out.put((byte) 0);
        out.putShort((short) RecordType.OPT);
        out.putShort((short) OUR_UDP_SIZE);
        out.put((byte) (code.number() >> 4));
        out.put((byte) 0);
        out.putShort((short) (query.dnssecOk() ? 0x8000 : 0));
        out.putShort((short) 0);
    }

    private void name(String name) {
        String rest = name;
        while (!rest.isEmpty()) {
            Integer known = offsets.get(rest);
            if (known != null) {
                out.putShort((short) (0xc000 | known));
                return;
            }
            if (out.position() < 0x4000) {
                offsets.put(rest, out.position());
            }
            rest = label(rest);
        }
        out.put((byte) 0);
    }

    private void plainName(String name) {
        String rest = name;
        while (!rest.isEmpty()) {
            rest = label(rest);
        }
        out.put((byte) 0);
    }

    /** Writes the first label, answers the others. */
    private String label(String name) {
        int dot = name.indexOf('.');
        String label = dot < 0 ? name : name.substring(0, dot);
        byte[] bytes = label.getBytes(StandardCharsets.ISO_8859_1);
        out.put((byte) bytes.length);
        out.put(bytes);
        return dot < 0 ? "" : name.substring(dot + 1);
    }
}
