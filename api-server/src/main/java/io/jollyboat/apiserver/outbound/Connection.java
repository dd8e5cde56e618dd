package io.jollyboat.apiserver.outbound;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One connection that speaks HTTP/1.1, one request after the other. Closing it from elsewhere ends what waits on it. */
public final class Connection implements AutoCloseable {
    private static final int MAX_HEAD_BYTES = 256 * 1024;
    private static final int SHOWN = 60;
    private static final int PIECE_BYTES = 16 * 1024;
    private static final byte[] LINE_END = {'\r', '\n'};

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private boolean used;
    private boolean reusable;

    Connection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
        this.out = socket.getOutputStream();
    }

    /** Whether it has carried a request before. */
    boolean used() {
        return used;
    }

    /** Whether the answer that was read whole leaves it fit for another request. */
    boolean reusable() {
        return reusable;
    }

    /** What comes after a head that was read. */
    InputStream input() {
        return in;
    }

    /** For whoever speaks another protocol over it, from the beginning. */
    public Socket socket() {
        return socket;
    }

    void send(String method, String path, List<Map.Entry<String, String>> headers, byte[] body) throws IOException {
        reusable = false;
        ByteArrayOutputStream request = new ByteArrayOutputStream(512 + body.length);
        StringBuilder head = new StringBuilder(method).append(' ').append(path).append(" HTTP/1.1\r\n");
        for (Map.Entry<String, String> header : headers) {
            head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
        head.append("\r\n");
        request.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        request.write(body);
        request.writeTo(out);
        out.flush();
    }

    /** Sends what comes before a body. */
    void begin(String method, String path, List<Map.Entry<String, String>> headers) throws IOException {
        send(method, path, headers, new byte[0]);
    }

    /**
     * Sends a body after its request has begun, as fast as the other side takes it. One that breaks off on its way here
     * ends the connection: the other side must not take it for whole.
     *
     * @throws IOException when the other side takes no more; its answer may be there all the same
     */
    void send(Content content) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        for (int count = next(content, piece); count >= 0; count = next(content, piece)) {
            if (content.length() >= 0) {
                out.write(piece, 0, count);
            } else if (count > 0) {
                out.write((Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                out.write(piece, 0, count);
                out.write(LINE_END);
            }
            out.flush();
        }
        if (content.length() < 0) {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
    }

    private int next(Content content, byte[] piece) throws IOException {
        try {
            return content.bytes().read(piece);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Waits for the answer's head; null when the other side closed without a word. */
    Head readHead() throws IOException, CallException {
        while (true) {
            String line = line(MAX_HEAD_BYTES);
            used = true;
            if (line == null) {
                return null;
            }
            Head head = head(line);
            // 101 is final, the other ones only announce.
            if (head.code() >= 200 || head.code() == 101) {
                return head;
            }
        }
    }

    private Head head(String line) throws IOException, CallException {
        boolean known = line.startsWith("HTTP/1.1 ") || line.startsWith("HTTP/1.0 ");
        if (!known || line.length() < 12 || !line.substring(9, 12).chars().allMatch(Character::isDigit)) {
            throw new CallException("net/http: HTTP/1.x transport connection broken: malformed HTTP response \""
                    + line.substring(0, Math.min(line.length(), SHOWN)).replace("\"", "\\\"") + "\"");
        }
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        int left = MAX_HEAD_BYTES;
        for (String header = line(left); header == null || !header.isEmpty(); header = line(left)) {
            if (header == null) {
                throw new CallException("unexpected EOF");
            }
            left -= header.length() + 2;
            int colon = header.indexOf(':');
            if (colon < 1 || left < 0) {
                throw new CallException("net/http: HTTP/1.x transport connection broken: malformed MIME header: "
                        + "missing colon: \"" + header.substring(0, Math.min(header.length(), SHOWN)) + "\"");
            }
            headers.add(Map.entry(
                    header.substring(0, colon), header.substring(colon + 1).strip()));
        }
        return new Head(Integer.parseInt(line.substring(9, 12)), line.substring(0, 8), headers);
    }

    /** Null at the end of the stream, where nothing precedes it. */
    private String line(int limit) throws IOException, CallException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                if (bytes.size() == 0) {
                    return null;
                }
                throw new CallException("unexpected EOF");
            }
            if (bytes.size() >= limit) {
                throw new CallException("net/http: HTTP/1.x transport connection broken: net/http: server response "
                        + "headers exceeded " + MAX_HEAD_BYTES + " bytes; aborted");
            }
            bytes.write(b);
        }
        String line = bytes.toString(StandardCharsets.ISO_8859_1);
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    /** The answer's body, as it comes. Read to its end, it leaves the connection for the next request. */
    InputStream body(Head head, String method) throws CallException {
        boolean keeps = head.version().equals("HTTP/1.1") && !head.has("Connection", "close");
        if (method.equals("HEAD") || head.code() == 204 || head.code() == 304) {
            reusable = keeps;
            return InputStream.nullInputStream();
        }
        if (head.has("Transfer-Encoding", "chunked")) {
            return new ChunkedBody(in, () -> reusable = keeps);
        }
        String length = head.header("Content-Length");
        if (length == null) {
            return in;
        }
        if (length.isEmpty() || length.length() > 18 || !length.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new CallException(
                    "net/http: HTTP/1.x transport connection broken: bad Content-Length \"" + length + "\"");
        }
        return new FixedBody(in, Long.parseLong(length), () -> reusable = keeps);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is being given up anyway.
        }
    }
}
