package io.jollyboat.apiserver.rest;

import io.jollyboat.errors.ApiException;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The body of a request, which may still be on its way. Before somebody asks for it only a little is kept, so that
 * whoever may not send it costs no memory. Filled on the event loop, taken by the request's thread.
 */
final class RequestBody {
    /** Upstream's limit of a request body. */
    static final int MAX_BYTES = 3 * 1024 * 1024;

    /** What is kept of a body that nobody has asked for yet, or that is read piece by piece. */
    private static final int MAX_UNASKED_BYTES = 256 * 1024;

    /** What is read and thrown away of a body that nobody wants, so that the client gets to see its answer. */
    private static final int MAX_UNWANTED_BYTES = 16 * 1024 * 1024;

    private static final byte[] NOTHING = {};

    private final Duration patience;
    private final Runnable onAsked;
    private final Runnable onTaken;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private ByteArrayOutputStream bytes;
    private byte[] whole;
    private ApiException failure;
    private boolean asked;
    private boolean streamed;
    private boolean announcedTooLarge;
    private int unwanted = -1;

    /**
     * @param onAsked run, on any thread, when the rest is to be read
     * @param onTaken run, on any thread, when there is room for more of what is read piece by piece
     */
    RequestBody(Duration patience, Runnable onAsked, Runnable onTaken) {
        this.patience = patience;
        this.onAsked = onAsked;
        this.onTaken = onTaken;
    }

    /** What the client says that it will send. */
    void announce(long length) {
        announcedTooLarge = length > MAX_BYTES;
    }

    /**
     * The body as it comes, however long it is, in place of {@link #await}. The client is read no faster than this is; who
     * reads it waits for the client, until the answer is complete.
     */
    InputStream stream() {
        lock.lock();
        try {
            streamed = true;
            if (!asked) {
                asked = true;
                onAsked.run();
            }
            return new BodyStream(this);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for some of it; null at its end. */
    byte[] take() throws IOException {
        lock.lock();
        try {
            while (bytes == null && whole == null && failure == null && unwanted < 0) {
                changed.await();
            }
            if (failure != null || unwanted >= 0) {
                throw new IOException(failure == null ? "the request is over" : failure.getMessage());
            }
            if (whole != null) {
                byte[] last = whole;
                whole = NOTHING;
                return last.length == 0 ? null : last;
            }
            byte[] some = bytes.toByteArray();
            bytes = null;
            onTaken.run();
            return some;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the whole of it.
     *
     * @throws ApiException 413 for one that is too large, 504 for one that takes too long, 400 and 500 for one that ends
     *     or is damaged on the way
     */
    byte[] await() {
        lock.lock();
        try {
            if (announcedTooLarge) {
                fail(tooLarge());
            }
            if (whole == null && failure == null && !asked) {
                asked = true;
                onAsked.run();
            }
            long left = patience.toNanos();
            while (whole == null && failure == null) {
                if (left <= 0) {
                    throw ApiException.of(
                            504, "Timeout", "Timeout: request did not complete within the allotted timeout");
                }
                left = changed.awaitNanos(left);
            }
            if (failure != null) {
                throw failure;
            }
            return whole;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiException.of(503, "ServiceUnavailable", "the server is shutting down");
        } finally {
            lock.unlock();
        }
    }

    /** Takes a piece. */
    void append(ByteBuf piece) {
        int length = piece.readableBytes();
        if (length == 0) {
            return;
        }
        lock.lock();
        try {
            if (unwanted >= 0) {
                unwanted += Math.min(length, MAX_UNWANTED_BYTES);
            } else if (failure == null) {
                keep(piece, length);
            }
        } finally {
            lock.unlock();
        }
    }

    private void keep(ByteBuf piece, int length) {
        if (!streamed && (bytes == null ? 0 : bytes.size()) + length > MAX_BYTES) {
            fail(tooLarge());
            return;
        }
        if (bytes == null) {
            bytes = new ByteArrayOutputStream(length);
        }
        byte[] copy = new byte[length];
        piece.readBytes(copy);
        bytes.writeBytes(copy);
        if (streamed) {
            changed.signalAll();
        }
    }

    static ApiException tooLarge() {
        return ApiException.of(413, "RequestEntityTooLarge", "Request entity too large: limit is " + MAX_BYTES);
    }

    /** Nothing follows. */
    void complete() {
        lock.lock();
        try {
            if (whole == null) {
                whole = bytes == null ? new byte[0] : bytes.toByteArray();
                bytes = null;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** It will never be whole. No effect on one that is. */
    void fail(ApiException why) {
        lock.lock();
        try {
            if (failure == null && whole == null) {
                failure = why;
                bytes = null;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The request has its answer: what is still to come is read and forgotten. */
    void discard() {
        lock.lock();
        try {
            unwanted = Math.max(unwanted, 0);
            bytes = null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isComplete() {
        lock.lock();
        try {
            return whole != null;
        } finally {
            lock.unlock();
        }
    }

    /** Whether more of it should be read from the network now. */
    boolean wantsMore() {
        lock.lock();
        try {
            return whole != null
                    || unwanted >= 0
                    || (asked && !streamed)
                    || bytes == null
                    || bytes.size() < MAX_UNASKED_BYTES;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the client goes on sending what nobody wants. */
    boolean isEndless() {
        lock.lock();
        try {
            return unwanted >= MAX_UNWANTED_BYTES;
        } finally {
            lock.unlock();
        }
    }
}
