package io.jollyboat.proxy.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Another server's message, as far as it must be understood. */
final class DnsResponse {
    private static final int TRUNCATED = 0x0200;

    private final byte[] bytes;
    private final List<Position> records = new ArrayList<>();

    private DnsResponse(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @param section 0 answer, 1 authority, 2 additional; {@code at} is where the type stands */
    private record Position(int section, int nameAt, int at) {}

    /** IllegalArgumentException for what is no response with one question. */
    static DnsResponse parse(byte[] bytes) {
        DnsResponse response = new DnsResponse(bytes);
        try {
            if ((DnsQuery.unsigned(bytes, 2) & 0x8000) == 0 || DnsQuery.unsigned(bytes, 4) != 1) {
                throw new IllegalArgumentException("not an answer");
            }
            int at = WireName.skip(bytes, DnsQuery.HEADER) + 4;
            for (int section = 0; section < 3; section++) {
                int count = DnsQuery.unsigned(bytes, 6 + 2 * section);
                for (int i = 0; i < count; i++) {
                    int nameAt = at;
                    at = WireName.skip(bytes, at);
                    response.records.add(new Position(section, nameAt, at));
                    at += 10 + DnsQuery.unsigned(bytes, at + 8);
                }
            }
            if (at > bytes.length) {
                throw new IllegalArgumentException("an answer that ends too early");
            }
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new IllegalArgumentException("an answer that cannot be read", e);
        }
        return response;
    }

    byte[] bytes() {
        return bytes;
    }

    int code() {
        return bytes[3] & 15;
    }

    boolean truncated() {
        return (DnsQuery.unsigned(bytes, 2) & TRUNCATED) != 0;
    }

    /** Whether it answers this question: same id, name, type and class. */
    boolean answers(int id, DnsQuery query) {
        int end = DnsQuery.HEADER + query.question().length;
        return DnsQuery.unsigned(bytes, 0) == id
                && bytes.length >= end
                && WireName.read(bytes, DnsQuery.HEADER).equals(query.name().replace('\u0000', '.'))
                && DnsQuery.unsigned(bytes, end - 4) == query.type();
    }

    /** How long the whole may be kept: the shortest of its records, a failure as long as its SOA says. */
    int lifetimeSeconds(int withoutRecords) {
        boolean negative = code() != 0 || records.stream().noneMatch(p -> p.section() == 0);
        int seconds = negative ? withoutRecords : Integer.MAX_VALUE;
        for (Position position : records) {
            if (DnsQuery.unsigned(bytes, position.at()) != RecordType.OPT) {
                seconds = Math.min(seconds, Math.max(0, ttl(position)));
            }
        }
        return seconds;
    }

    /** Takes the seconds off all records. */
    void age(int seconds) {
        ByteBuffer out = ByteBuffer.wrap(bytes);
        for (Position position : records) {
            if (DnsQuery.unsigned(bytes, position.at()) != RecordType.OPT) {
                out.putInt(position.at() + 4, Math.max(0, ttl(position) - seconds));
            }
        }
    }

    /** The addresses and aliases it answers with. */
    List<DnsRecord> answers() {
        List<DnsRecord> found = new ArrayList<>();
        for (Position position : records) {
            int at = position.at();
            if (position.section() != 0) {
                continue;
            }
            int length = DnsQuery.unsigned(bytes, at + 8);
            byte[] data = new byte[length];
            System.arraycopy(bytes, at + 10, data, 0, length);
            DnsRecord.Data value = switch (DnsQuery.unsigned(bytes, at)) {
                case RecordType.A, RecordType.AAAA -> address(data);
                case RecordType.CNAME -> new DnsRecord.Alias(WireName.read(bytes, at + 10));
                default -> null;
            };
            if (value != null) {
                found.add(new DnsRecord(WireName.read(bytes, position.nameAt()), ttl(position), value));
            }
        }
        return found;
    }

    private static DnsRecord.Address address(byte[] data) {
        try {
            return new DnsRecord.Address(InetAddress.getByAddress(data));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address of " + data.length + " bytes", e);
        }
    }

    private int ttl(Position position) {
        return ByteBuffer.wrap(bytes).getInt(position.at() + 4);
    }
}
