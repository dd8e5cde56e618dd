package io.jollyboat.codec;

/** Standard base64 with padding, as strict as Go and with its error text. */
final class Base64Text {
    private Base64Text() {}

    static void decode(ByteSink out, byte[] in, int start, int end) {
        int bits = 0;
        int count = 0;
        int at = start;
        for (; at < end; at++) {
            byte b = in[at];
            if (b == '\n' || b == '\r') {
                continue;
            }
            if (b == '=') {
                padding(in, at, start, end, count);
                break;
            }
            int digit = digit(b);
            if (digit < 0) {
                throw illegal(at - start);
            }
            bits = bits << 6 | digit;
            if (++count == 4) {
                out.put(bits >> 16);
                out.put(bits >> 8);
                out.put(bits);
                bits = 0;
                count = 0;
            }
        }
        if (at == end && count != 0) {
            // The input ended within a quantum without padding.
            throw illegal(at - start - count);
        }
        if (count == 2) {
            out.put(bits >> 4);
        } else if (count == 3) {
            out.put(bits >> 10);
            out.put(bits >> 2);
        }
    }

    private static void padding(byte[] in, int at, int start, int end, int count) {
        if (count < 2) {
            throw illegal(at - start);
        }
        int next = skipBreaks(in, at + 1, end);
        if (count == 2) {
            if (next == end) {
                throw illegal(end - start);
            }
            if (in[next] != '=') {
                throw illegal(next - start);
            }
            next = skipBreaks(in, next + 1, end);
        }
        if (next < end) {
            throw illegal(next - start);
        }
    }

    private static int skipBreaks(byte[] in, int from, int end) {
        int at = from;
        while (at < end && (in[at] == '\n' || in[at] == '\r')) {
            at++;
        }
        return at;
    }

    private static int digit(byte b) {
        if (b >= 'A' && b <= 'Z') {
            return b - 'A';
        }
        if (b >= 'a' && b <= 'z') {
            return b - 'a' + 26;
        }
        if (b >= '0' && b <= '9') {
            return b - '0' + 52;
        }
        return b == '+' ? 62 : b == '/' ? 63 : -1;
    }

    private static DecodeException illegal(int at) {
        return DecodeException.type("illegal base64 data at input byte " + at);
    }
}
