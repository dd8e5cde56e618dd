package io.jollyboat.kubelet.streams;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.locks.ReentrantLock;

/** The server's side of a WebSocket (RFC 6455). One thread reads; any may write. */
public final class WebSocket {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int PIECE = 32 << 10;
    private static final int RESERVED = 0x70;
    private static final int MAX_CONTROL = 125;
    private static final int CONTINUATION = 0;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int NORMAL = 1000;
    private static final int PROTOCOL_ERROR = 1002;
    private static final int TOO_BIG = 1009;

    private static final byte[] NOTHING = {};

    private final DataInputStream in;
    private final OutputStream out;
    private final ReentrantLock writing = new ReentrantLock();
    private final byte[] mask = new byte[4];
    /** Of the frame that is being read. */
    private long frameLeft;

    private boolean lastFrame;
    private boolean inMessage;
    /** Nothing of the message was handed out yet. */
    private boolean begun;

    private boolean closed;

    public WebSocket(InputStream in, OutputStream out) {
        this.in = new DataInputStream(in);
        this.out = out;
    }

    /** Answers the client's handshake. */
    public void accept(String key, String protocol) throws IOException {
        String head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + answer(key) + "\r\nSec-WebSocket-Protocol: " + protocol + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    static String answer(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A piece of a message, as it came: long messages are never whole in memory. */
    public static final class Piece {
        private final byte[] bytes;
        private final boolean begins;
        private final boolean ends;

        Piece(byte[] bytes, boolean begins, boolean ends) {
            this.bytes = bytes;
            this.begins = begins;
            this.ends = ends;
        }

        byte[] bytes() {
            return bytes;
        }

        /** Whether it is its message's first. */
        boolean begins() {
            return begins;
        }

        /** Whether it is its message's last. */
        boolean ends() {
            return ends;
        }
    }

    /** The next piece, empty only where the message is; null when the client has closed. Answers pings meanwhile. */
    public Piece read() throws IOException {
        while (true) {
            if (frameLeft > 0) {
                int length = (int) Math.min(PIECE, frameLeft);
                byte[] bytes = payload(length);
                frameLeft -= length;
                boolean begins = begun;
                begun = false;
                inMessage = frameLeft > 0 || !lastFrame;
                return new Piece(bytes, begins, !inMessage);
            }
            int first = in.read();
            if (first < 0) {
                return null;
            }
            int opcode = first & 0x0f;
            boolean last = (first & 0x80) != 0;
            if ((first & RESERVED) != 0 || (opcode > BINARY && opcode < CLOSE) || opcode > PONG) {
                throw violation(PROTOCOL_ERROR, "frame of a kind that was not agreed on");
            }
            long length = length();
            if (opcode >= CLOSE) {
                if (!last || length > MAX_CONTROL) {
                    throw violation(PROTOCOL_ERROR, "control frame too long");
                }
                byte[] payload = payload((int) length);
                if (opcode == CLOSE) {
                    close(NORMAL);
                    return null;
                }
                if (opcode == PING) {
                    send(0x80 | PONG, payload, 0, payload.length);
                }
                continue;
            }
            if ((opcode == CONTINUATION) != inMessage) {
                throw violation(PROTOCOL_ERROR, "a message's parts are out of order");
            }
            begun |= opcode != CONTINUATION;
            inMessage = true;
            lastFrame = last;
            frameLeft = length;
            if (length == 0 && last) {
                Piece empty = new Piece(NOTHING, begun, true);
                begun = false;
                inMessage = false;
                return empty;
            }
        }
    }

    /** Of the frame whose head's first byte was read; its mask is read, too. */
    private long length() throws IOException {
        int second = in.readUnsignedByte();
        long length = second & 0x7f;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        if ((second & 0x80) == 0) {
            throw violation(PROTOCOL_ERROR, "frame without a mask");
        }
        if (length < 0) {
            throw violation(TOO_BIG, "message too long");
        }
        in.readFully(mask);
        return length;
    }

    private byte[] payload(int length) throws IOException {
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new EOFException("connection ended within a message");
        }
        // Pieces are multiples of the mask's length, so each begins with its first byte.
        unmask(payload, mask);
        return payload;
    }

    private static void unmask(byte[] payload, byte[] mask) {
        ByteBuffer whole = ByteBuffer.wrap(payload);
        int four = ByteBuffer.wrap(mask).getInt();
        long eight = ((long) four << 32) | (four & 0xffff_ffffL);
        int i = 0;
        for (; i + 8 <= payload.length; i += 8) {
            whole.putLong(i, whole.getLong(i) ^ eight);
        }
        for (; i < payload.length; i++) {
            payload[i] ^= mask[i & 3];
        }
    }

    /** Writes to a channel: a binary message whose first byte is the channel's number. */
    public void write(int channel, byte[] bytes, int from, int length) throws IOException {
        byte[] message = new byte[length + 1];
        message[0] = (byte) channel;
        System.arraycopy(bytes, from, message, 1, length);
        send(0x80 | BINARY, message, 0, message.length);
    }

    /** Writes a binary message. */
    public void write(byte[] bytes, int from, int length) throws IOException {
        send(0x80 | BINARY, bytes, from, length);
    }

    /** A PONG that answers nothing: a sign of life that a client ignores, and fails when it is gone. */
    void beat() throws IOException {
        writing.lock();
        try {
            if (!closed) {
                send(0x80 | PONG, NOTHING, 0, 0);
            }
        } finally {
            writing.unlock();
        }
    }

    /** Says that nothing follows. */
    public void close() throws IOException {
        close(NORMAL);
    }

    private void close(int code) throws IOException {
        byte[] payload = {(byte) (code >> 8), (byte) code};
        writing.lock();
        try {
            if (!closed) {
                send(0x80 | CLOSE, payload, 0, payload.length);
                closed = true;
            }
        } finally {
            writing.unlock();
        }
    }

    private IOException violation(int code, String text) throws IOException {
        close(code);
        return new IOException(text);
    }

    private void send(int first, byte[] bytes, int from, int length) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(length + 10).put((byte) first);
        if (length < 126) {
            frame.put((byte) length);
        } else if (length <= 0xffff) {
            frame.put((byte) 126).putShort((short) length);
        } else {
            frame.put((byte) 127).putLong(length);
        }
        frame.put(bytes, from, length);
        writing.lock();
        try {
            if (closed) {
                throw new IOException("the WebSocket is closed");
            }
            out.write(frame.array(), 0, frame.position());
            out.flush();
        } finally {
            writing.unlock();
        }
    }
}
