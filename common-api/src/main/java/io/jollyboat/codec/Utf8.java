package io.jollyboat.codec;

/** Well-formedness of UTF-8, by Go's rules. */
final class Utf8 {
    private Utf8() {}

    /** Length of the multi-byte sequence at a place; 0 where it is malformed. */
    static int sequence(byte[] in, int at, int end) {
        int first = in[at] & 0xff;
        if (first < 0xc2 || first > 0xf4) {
            return 0;
        }
        int size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        if (end - at < size) {
            return 0;
        }
        int second = in[at + 1] & 0xff;
        int low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < low || second > high) {
            return 0;
        }
        for (int i = 2; i < size; i++) {
            if ((in[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return size;
    }

    static void append(ByteSink out, int codePoint) {
        if (codePoint < 0x80) {
            out.put(codePoint);
        } else if (codePoint < 0x800) {
            out.put(0xc0 | (codePoint >> 6));
            out.put(0x80 | (codePoint & 0x3f));
        } else if (codePoint < 0x10000) {
            out.put(0xe0 | (codePoint >> 12));
            out.put(0x80 | (codePoint >> 6 & 0x3f));
            out.put(0x80 | (codePoint & 0x3f));
        } else {
            out.put(0xf0 | (codePoint >> 18));
            out.put(0x80 | (codePoint >> 12 & 0x3f));
            out.put(0x80 | (codePoint >> 6 & 0x3f));
            out.put(0x80 | (codePoint & 0x3f));
        }
    }
}
