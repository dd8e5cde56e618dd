package io.jollyboat.apiserver.outbound;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A body in chunks, whose trailers are skipped. */
final class ChunkedBody extends InputStream {
    private static final int MAX_LINE = 4096;
    private static final int MAX_TRAILERS = 100;

    private final InputStream in;
    private final Runnable onEnd;
    private long left;
    private boolean begun;
    private boolean over;

    ChunkedBody(InputStream in, Runnable onEnd) {
        this.in = in;
        this.onEnd = onEnd;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (left == 0 && !next()) {
            return -1;
        }
        int count = in.read(bytes, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("unexpected EOF");
        }
        left -= count;
        return count;
    }

    private boolean next() throws IOException {
        if (over) {
            return false;
        }
        if (begun && !line().isEmpty()) {
            throw new IOException("malformed chunked encoding");
        }
        begun = true;
        String size = line();
        int end = size.indexOf(';');
        try {
            left = Long.parseLong((end < 0 ? size : size.substring(0, end)).strip(), 16);
        } catch (NumberFormatException e) {
            throw new IOException("invalid byte in chunk length", e);
        }
        if (left < 0) {
            throw new IOException("invalid byte in chunk length");
        }
        if (left > 0) {
            return true;
        }
        over = true;
        for (int i = 0; !line().isEmpty(); i++) {
            if (i == MAX_TRAILERS) {
                throw new IOException("too many trailers");
            }
        }
        onEnd.run();
        return false;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("unexpected EOF");
            }
            if (line.length() == MAX_LINE) {
                throw new IOException("header line too long");
            }
            line.append((char) b);
        }
        int length = line.length();
        return length > 0 && line.charAt(length - 1) == '\r' ? line.substring(0, length - 1) : line.toString();
    }
}
