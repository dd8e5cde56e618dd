package io.jollyboat.apiserver.rest;

import java.io.IOException;
import java.io.InputStream;

/** A request's body as it comes. One thread reads. */
final class BodyStream extends InputStream {
    private final RequestBody body;
    private byte[] piece = {};
    private int at;
    private boolean over;

    BodyStream(RequestBody body) {
        this.body = body;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (at == piece.length && !next()) {
            return -1;
        }
        int count = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, bytes, offset, count);
        at += count;
        return count;
    }

    private boolean next() throws IOException {
        byte[] more = over ? null : body.take();
        over = more == null;
        piece = over ? new byte[0] : more;
        at = 0;
        return !over;
    }
}
