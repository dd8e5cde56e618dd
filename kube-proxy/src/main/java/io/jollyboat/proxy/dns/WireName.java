package io.jollyboat.proxy.dns;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Domain names in messages, compressed or not. */
final class WireName {
    private static final int MAX_JUMPS = 64;

    private WireName() {}

    /** Where the name that begins at the position ends. */
    static int skip(byte[] message, int from) {
        int at = from;
        while (true) {
            int length = message[at] & 0xff;
            if (length == 0) {
                return at + 1;
            }
            if (length >= 0xc0) {
                return at + 2;
            }
            at += 1 + length;
        }
    }

    /** The name that begins at the position: lower case, without the last dot. */
    static String read(byte[] message, int from) {
        StringBuilder name = new StringBuilder();
        int at = from;
        for (int jumps = 0; jumps < MAX_JUMPS; ) {
            int length = message[at] & 0xff;
            if (length == 0) {
                return name.toString();
            }
            if (length >= 0xc0) {
                at = DnsQuery.unsigned(message, at) & 0x3fff;
                jumps++;
                continue;
            }
            if (!name.isEmpty()) {
                name.append('.');
            }
            name.append(new String(message, at + 1, length, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT));
            at += 1 + length;
        }
        throw new ArrayIndexOutOfBoundsException("a name that goes in circles");
    }
}
