package io.jollyboat.codec;

import com.google.protobuf.WireFormat;

/** A cursor over protobuf bytes. */
final class WireReader {
    final byte[] in;
    int at;

    WireReader(byte[] in) {
        this.in = in;
    }

    long varint() {
        long result = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at >= in.length) {
                throw truncated();
            }
            byte b = in[at++];
            result |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return result;
            }
        }
        throw DecodeException.syntax("proto: integer overflow");
    }

    /** The end of the length-delimited value whose length stands here; the cursor is left at its start. */
    int delimitedEnd() {
        long size = varint();
        if (size < 0 || size > in.length - at) {
            throw truncated();
        }
        return at + (int) size;
    }

    long fixed64() {
        if (in.length - at < 8) {
            throw truncated();
        }
        long result = 0;
        for (int i = 0; i < 8; i++) {
            result |= (in[at++] & 0xffL) << (8 * i);
        }
        return result;
    }

    void skip(int wireType) {
        switch (wireType) {
            case WireFormat.WIRETYPE_VARINT -> varint();
            case WireFormat.WIRETYPE_FIXED64 -> at += 8;
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> at = delimitedEnd();
            case WireFormat.WIRETYPE_FIXED32 -> at += 4;
            default -> throw DecodeException.syntax("proto: illegal wireType " + wireType);
        }
        if (at > in.length) {
            throw truncated();
        }
    }

    private static DecodeException truncated() {
        return DecodeException.syntax("unexpected EOF");
    }
}
