package io.jollyboat.apiserver.outbound;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** As many bytes as were announced. */
final class FixedBody extends InputStream {
    private final InputStream in;
    private final Runnable onEnd;
    private long left;

    FixedBody(InputStream in, long length, Runnable onEnd) {
        this.in = in;
        this.left = length;
        this.onEnd = onEnd;
        if (length == 0) {
            onEnd.run();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int count = in.read(bytes, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("unexpected EOF");
        }
        left -= count;
        if (left == 0) {
            onEnd.run();
        }
        return count;
    }
}
