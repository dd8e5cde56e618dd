package io.jollyboat.codec;

import com.google.protobuf.CodedOutputStream;
import java.util.Arrays;

/** A growing byte array that both forms are written to. */
final class ByteSink {
    byte[] bytes;
    int length;

    ByteSink(int capacity) {
        bytes = new byte[capacity];
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    void put(int b) {
        ensure(1);
        bytes[length++] = (byte) b;
    }

    void put(byte[] source) {
        put(source, 0, source.length);
    }

    void put(byte[] source, int start, int end) {
        int count = end - start;
        ensure(count);
        System.arraycopy(source, start, bytes, length, count);
        length += count;
    }

    /** ASCII only. */
    void putAscii(String text) {
        int count = text.length();
        ensure(count);
        for (int i = 0; i < count; i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
    }

    void putVarint(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    void putFixed64(long value) {
        ensure(8);
        for (int i = 0; i < 8; i++) {
            bytes[length++] = (byte) (value >>> (8 * i));
        }
    }

    /** Starts a length-delimited value; {@link #endDelimited} with the returned mark closes it. */
    int beginDelimited() {
        put(0);
        return length;
    }

    /** Most values are shorter than 128 bytes, so one byte is kept for the length and longer values are moved. */
    void endDelimited(int mark) {
        int size = length - mark;
        int more = CodedOutputStream.computeUInt32SizeNoTag(size) - 1;
        if (more > 0) {
            ensure(more);
            System.arraycopy(bytes, mark, bytes, mark + more, size);
            length += more;
        }
        int at = mark - 1;
        int rest = size;
        while (rest > 0x7f) {
            bytes[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[at] = (byte) rest;
    }

    void putDecimal(long value) {
        if (value < 0) {
            put('-');
            if (value == Long.MIN_VALUE) {
                putAscii("9223372036854775808");
                return;
            }
            value = -value;
        }
        int digits = 1;
        for (long v = value; v >= 10; v /= 10) {
            digits++;
        }
        ensure(digits);
        int at = length + digits;
        long rest = value;
        do {
            bytes[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        length += digits;
    }

    /** The number, filled with zeros to a width. */
    void putPadded(int value, int width) {
        int rest = value;
        ensure(width);
        for (int at = length + width - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += width;
    }
}
