package io.jollyboat.kubelet.streams;

import java.io.ByteArrayOutputStream;
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
    private static final int MAX_MESSAGE = 32 << 20;
    private static final int MAX_CONTROL = 125;
    private static final int CONTINUATION = 0;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int NORMAL = 1000;
    private static final int PROTOCOL_ERROR = 1002;
    private static final int TOO_BIG = 1009;

    private final DataInputStream in;
    private final OutputStream out;
    private final ReentrantLock writing = new ReentrantLock();
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

    /** The next message, whole; null when the client has closed. Answers pings meanwhile. */
    public byte[] read() throws IOException {
        ByteArrayOutputStream parts = null;
        while (true) {
            int first;
            try {
                first = in.readUnsignedByte();
            } catch (EOFException e) {
                return null;
            }
            int opcode = first & 0x0f;
            byte[] payload = payload(opcode, parts == null ? 0 : parts.size());
            if (opcode == CLOSE) {
                close(NORMAL);
                return null;
            }
            if (opcode == PING) {
                send(0x80 | 0x0a, payload, 0, payload.length);
            }
            if (opcode > BINARY) {
                continue;
            }
            if ((opcode == CONTINUATION) != (parts != null)) {
                throw violation(PROTOCOL_ERROR, "a message's parts are out of order");
            }
            boolean last = (first & 0x80) != 0;
            if (last && parts == null) {
                return payload;
            }
            parts = parts == null ? new ByteArrayOutputStream() : parts;
            parts.writeBytes(payload);
            if (last) {
                return parts.toByteArray();
            }
        }
    }

    private byte[] payload(int opcode, int before) throws IOException {
        int second = in.readUnsignedByte();
        long length = second & 0x7f;
        if (opcode >= CLOSE && length > MAX_CONTROL) {
            throw violation(PROTOCOL_ERROR, "control frame too long");
        }
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        if ((second & 0x80) == 0) {
            throw violation(PROTOCOL_ERROR, "frame without a mask");
        }
        if (length < 0 || before + length > MAX_MESSAGE) {
            throw violation(TOO_BIG, "message too long");
        }
        byte[] mask = new byte[4];
        in.readFully(mask);
        byte[] payload = in.readNBytes((int) length);
        if (payload.length < length) {
            throw new EOFException("connection ended within a message");
        }
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
