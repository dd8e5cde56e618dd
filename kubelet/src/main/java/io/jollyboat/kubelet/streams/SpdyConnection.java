package io.jollyboat.kubelet.streams;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.Deflater;

/**
 * The client's side of a SPDY/3.1 connection, as far as streams into pods need it: streams are opened from here only,
 * what headers the other side replies with is of no interest, and nobody there counts a window. One thread reads; any
 * may write.
 */
final class SpdyConnection implements AutoCloseable {
    private static final int VERSION = 3;
    private static final int SYN_STREAM = 1;
    private static final int SYN_REPLY = 2;
    private static final int RST_STREAM = 3;
    private static final int PING = 6;
    private static final int FIN = 1;
    private static final int MAX_FRAME = 1 << 24;
    private static final int MAX_PONGS = 16;

    /** What the other side says about a stream. */
    sealed interface Frame {
        record Replied(int stream) implements Frame {}

        record Data(int stream, ByteString bytes, boolean last) implements Frame {}

        record Reset(int stream) implements Frame {}
    }

    private final DataInputStream in;
    private final OutputStream out;
    private final ReentrantLock writing = new ReentrantLock();
    /** Answers that wait for whoever is writing: he may stand still, and reading must go on. */
    private final Queue<byte[]> pongs = new ArrayBlockingQueue<>(MAX_PONGS);
    /** Without SPDY's dictionary, which a stream of zlib's may name but need not. */
    private final Deflater headers = new Deflater();

    private int nextStream = 1;

    SpdyConnection(InputStream in, OutputStream out) {
        this.in = new DataInputStream(in);
        this.out = out;
    }

    /** Opens a stream with one header; it takes data once it is replied to. */
    int open(String header, String value) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(block);
        data.writeInt(1);
        for (String text : new String[] {header, value}) {
            data.writeInt(text.length());
            data.write(text.getBytes(StandardCharsets.US_ASCII));
        }
        writing.lock();
        try {
            int stream = nextStream;
            nextStream += 2;
            byte[] compressed = compressed(block.toByteArray());
            ByteBuffer frame = control(SYN_STREAM, 10 + compressed.length)
                    .putInt(stream)
                    .putInt(0)
                    .putShort((short) 0)
                    .put(compressed);
            send(frame);
            return stream;
        } finally {
            writing.unlock();
        }
    }

    private byte[] compressed(byte[] block) {
        headers.setInput(block);
        byte[] buffer = new byte[block.length + 64];
        int length = headers.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
        return java.util.Arrays.copyOf(buffer, length);
    }

    private static ByteBuffer control(int type, int length) {
        return ByteBuffer.allocate(8 + length)
                .putShort((short) (0x8000 | VERSION))
                .putShort((short) type)
                .putInt(length);
    }

    /** @param last whether the stream ends with it, as far as this side is concerned */
    void write(int stream, byte[] bytes, int from, int length, boolean last) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(8 + length)
                .putInt(stream)
                .putInt((last ? FIN << 24 : 0) | length)
                .put(bytes, from, length);
        send(frame);
    }

    private void send(ByteBuffer frame) throws IOException {
        byte[] bytes = new byte[frame.position()];
        frame.get(0, bytes);
        writing.lock();
        try {
            out.write(bytes);
            out.flush();
        } finally {
            writing.unlock();
        }
        pong();
    }

    /** Sends the answers that wait, unless somebody else is writing, who will then. */
    private void pong() throws IOException {
        while (!pongs.isEmpty() && writing.tryLock()) {
            try {
                for (byte[] next = pongs.poll(); next != null; next = pongs.poll()) {
                    out.write(next);
                }
                out.flush();
            } finally {
                writing.unlock();
            }
        }
    }

    /** The next word about a stream; null at the end of the connection. */
    Frame read() throws IOException {
        while (true) {
            int head;
            try {
                head = in.readInt();
            } catch (EOFException e) {
                return null;
            }
            int second = in.readInt();
            int flags = second >>> 24;
            int length = second & (MAX_FRAME - 1);
            byte[] body = in.readNBytes(length);
            if (body.length < length) {
                throw new EOFException("connection ended within a frame");
            }
            if (head >= 0) {
                return new Frame.Data(head, UnsafeByteOperations.unsafeWrap(body), (flags & FIN) != 0);
            }
            int type = head & 0xffff;
            if (type == SYN_REPLY && length >= 4) {
                return new Frame.Replied(ByteBuffer.wrap(body).getInt());
            }
            if (type == RST_STREAM && length >= 4) {
                return new Frame.Reset(ByteBuffer.wrap(body).getInt());
            }
            if (type == PING && length == 4 && (body[3] & 1) == 0) {
                // Of more than so many no peer that waits for them is left.
                var _ = pongs.offer(control(PING, 4).put(body).array());
                pong();
            }
        }
    }

    @Override
    public void close() {
        headers.close();
    }
}
