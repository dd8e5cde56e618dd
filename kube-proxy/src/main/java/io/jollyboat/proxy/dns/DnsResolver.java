package io.jollyboat.proxy.dns;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From a client's message to the answer's. Thread-safe. */
final class DnsResolver {
    private static final int IN = 1;
    private static final int MAX_ALIASES = 8;
    private static final int TCP_LIMIT = 65_535;

    private final ClusterZone zone;
    private final DnsForwarder forwarder;

    DnsResolver(ClusterZone zone, DnsForwarder forwarder) {
        this.zone = zone;
        this.forwarder = forwarder;
    }

    /** The answer when it can be given without asking another server, else empty. */
    Optional<byte[]> atOnce(DnsQuery query, boolean tcp) {
        if (query.ednsVersion() > 0) {
            return Optional.of(write(query, DnsAnswer.failure(ResponseCode.BAD_VERSION), tcp));
        }
        if (query.recordClass() != IN && query.recordClass() != RecordType.ANY) {
            return Optional.of(write(query, DnsAnswer.failure(ResponseCode.REFUSED), tcp));
        }
        return zone.answer(query.name(), query.type())
                .filter(answer -> aliasToFollow(query, answer.answers()) == null)
                .map(answer -> write(query, answer, tcp));
    }

    /** The answer, if need be with the help of other servers; blocks. */
    byte[] resolve(DnsQuery query, boolean tcp) {
        Optional<DnsAnswer> ours = zone.answer(query.name(), query.type());
        if (ours.isPresent()) {
            return write(query, follow(query, ours.get()), tcp);
        }
        byte[] response = forwarder.resolve(query, tcp);
        return response != null ? response : write(query, DnsAnswer.failure(ResponseCode.SERVER_FAILURE), tcp);
    }

    /** Clients do not follow aliases themselves. */
    private DnsAnswer follow(DnsQuery query, DnsAnswer answer) {
        List<DnsRecord> answers = new ArrayList<>(answer.answers());
        for (int i = 0; i < MAX_ALIASES; i++) {
            String target = aliasToFollow(query, answers);
            if (target == null) {
                break;
            }
            Optional<DnsAnswer> inside = zone.answer(target, query.type());
            if (inside.isPresent()) {
                answers.addAll(inside.get().answers());
            } else {
                byte[] outside = outside(questionFor(query, target));
                if (outside == null) {
                    // As with any name that cannot be resolved now: the client asks again.
                    return DnsAnswer.failure(ResponseCode.SERVER_FAILURE);
                }
                answers.addAll(DnsResponse.parse(outside).answers());
                break;
            }
            if (inside.get().answers().isEmpty()) {
                break;
            }
        }
        return new DnsAnswer(answer.code(), answer.authoritative(), answers, answer.authority(), answer.additional());
    }

    private byte[] outside(DnsQuery question) {
        byte[] response = forwarder.resolve(question, false);
        boolean cut = response != null && DnsResponse.parse(response).truncated();
        return cut ? forwarder.resolve(question, true) : response;
    }

    private static String aliasToFollow(DnsQuery query, List<DnsRecord> answers) {
        boolean followed = query.type() == RecordType.A || query.type() == RecordType.AAAA;
        return followed && !answers.isEmpty() && answers.getLast().data() instanceof DnsRecord.Alias alias
                ? alias.target()
                : null;
    }

    private static DnsQuery questionFor(DnsQuery query, String name) {
        ByteBuffer out = ByteBuffer.allocate(DnsQuery.HEADER + name.length() + 6);
        out.putShort((short) 0)
                .putShort((short) 0x0100)
                .putShort((short) 1)
                .putShort((short) 0)
                .putInt(0);
        for (String label : name.split("\\.")) {
            byte[] bytes = label.getBytes(StandardCharsets.ISO_8859_1);
            out.put((byte) bytes.length).put(bytes);
        }
        out.put((byte) 0).putShort((short) query.type()).putShort((short) IN);
        try {
            return DnsQuery.parse(out.array());
        } catch (DnsQuery.Malformed e) {
            throw new IllegalArgumentException("not a name: " + name, e);
        }
    }

    private static byte[] write(DnsQuery query, DnsAnswer answer, boolean tcp) {
        return DnsWriter.write(query, answer, tcp ? TCP_LIMIT : Math.min(query.udpLimit(), 4_096));
    }
}
