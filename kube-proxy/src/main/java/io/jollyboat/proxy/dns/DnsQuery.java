package io.jollyboat.proxy.dns;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One question of a client. The arrays are nobody's to change. */
final class DnsQuery {
    static final int HEADER = 12;
    private static final int RESPONSE = 0x8000;
    private static final int CHECKING_DISABLED = 0x10;
    private static final int PLAIN_LIMIT = 512;

    private final byte[] message;
    private final byte[] question;
    private final String name;
    private final int type;
    private final int recordClass;
    /** Where the OPT record begins, or -1 for a client that does not speak EDNS. */
    private final int optAt;

    private DnsQuery(byte[] message, byte[] question, String name, int type, int recordClass, int optAt) {
        this.message = message;
        this.question = question;
        this.name = name;
        this.type = type;
        this.recordClass = recordClass;
        this.optAt = optAt;
    }

    /** A message that is no question this server can answer. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;
        private final ResponseCode code;

        Malformed(ResponseCode code) {
            super(code.name(), null, false, false);
            this.code = code;
        }

        ResponseCode code() {
            return code;
        }
    }

    /** Null for what is no question at all and gets no answer. */
    static DnsQuery parse(byte[] message) throws Malformed {
        if (message.length < HEADER || (unsigned(message, 2) & RESPONSE) != 0) {
            return null;
        }
        int flags = unsigned(message, 2);
        if (((flags >> 11) & 15) != 0) {
            throw new Malformed(ResponseCode.NOT_IMPLEMENTED);
        }
        if (unsigned(message, 4) != 1) {
            throw new Malformed(ResponseCode.MALFORMED);
        }
        try {
            return parseQuestion(message);
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new Malformed(ResponseCode.MALFORMED);
        }
    }

    private static DnsQuery parseQuestion(byte[] message) throws Malformed {
        StringBuilder name = new StringBuilder();
        int at = HEADER;
        while (message[at] != 0) {
            int length = message[at] & 0xff;
            if (length > 63 || name.length() + length > 254) {
                throw new Malformed(ResponseCode.MALFORMED);
            }
            if (!name.isEmpty()) {
                name.append('.');
            }
            name.append(label(message, at + 1, length));
            at += 1 + length;
        }
        int end = at + 5;
        byte[] question = new byte[end - HEADER];
        System.arraycopy(message, HEADER, question, 0, question.length);
        int type = unsigned(message, at + 1);
        int recordClass = unsigned(message, at + 3);

        int optAt = findOpt(message, end, unsigned(message, 6) + unsigned(message, 8) + unsigned(message, 10));
        return new DnsQuery(message, question, name.toString(), type, recordClass, optAt);
    }

    /** Where the OPT record begins, or -1. */
    private static int findOpt(byte[] message, int from, int records) {
        int at = from;
        for (int i = 0; i < records; i++) {
            int start = at;
            at = WireName.skip(message, at);
            if (unsigned(message, at) == RecordType.OPT) {
                return start;
            }
            at += 10 + unsigned(message, at + 8);
        }
        return -1;
    }

    private static String label(byte[] message, int at, int length) {
        if (at + length >= message.length) {
            throw new ArrayIndexOutOfBoundsException(at + length);
        }
        // A dot within a label would look like two labels; no name of ours has one.
        return new String(message, at, length, StandardCharsets.ISO_8859_1)
                .replace('.', '\u0000')
                .toLowerCase(Locale.ROOT);
    }

    /** The whole message. */
    byte[] message() {
        return message;
    }

    /** The question section as the client wrote it. */
    byte[] question() {
        return question;
    }

    /** Lower case, without the last dot. */
    String name() {
        return name;
    }

    int type() {
        return type;
    }

    int recordClass() {
        return recordClass;
    }

    int id() {
        return unsigned(message, 0);
    }

    int flags() {
        return unsigned(message, 2);
    }

    boolean edns() {
        return optAt >= 0;
    }

    int ednsVersion() {
        return edns() ? message[optAt + 6] & 0xff : 0;
    }

    /** The longest datagram the client takes. */
    int udpLimit() {
        return edns() ? Math.max(PLAIN_LIMIT, unsigned(message, optAt + 3)) : PLAIN_LIMIT;
    }

    /** Whether the client asks for signatures. */
    boolean dnssecOk() {
        return edns() && (message[optAt + 7] & 0x80) != 0;
    }

    boolean checkingDisabled() {
        return (flags() & CHECKING_DISABLED) != 0;
    }

    static int unsigned(byte[] message, int at) {
        return (message[at] & 0xff) << 8 | (message[at + 1] & 0xff);
    }
}
