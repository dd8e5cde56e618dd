package io.jollyboat.kubelet.streams;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A connection to the runtime's streaming server that is asked to become SPDY/3.1. */
final class RuntimeLink implements AutoCloseable {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int MAX_HEAD = 64 << 10;
    private static final int MAX_REFUSAL = 16 << 10;

    private final Socket socket;
    private final InputStream in;
    private final int status;
    private final Map<String, String> headers;

    private RuntimeLink(Socket socket, InputStream in, int status, Map<String, String> headers) {
        this.socket = socket;
        this.in = in;
        this.status = status;
        this.headers = headers;
    }

    /** @param protocols of the streams, in the order of preference */
    static RuntimeLink open(URI target, List<String> protocols) throws IOException {
        Socket socket = connect(target);
        try {
            StringBuilder head = new StringBuilder("POST ")
                    .append(target.getRawPath())
                    .append(target.getRawQuery() == null ? "" : "?" + target.getRawQuery())
                    .append(" HTTP/1.1\r\nHost: ")
                    .append(target.getAuthority())
                    .append("\r\nContent-Length: 0\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n");
            protocols.forEach(
                    p -> head.append("X-Stream-Protocol-Version: ").append(p).append("\r\n"));
            socket.getOutputStream().write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            return answered(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    static Socket connect(URI target) throws UnreachableException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(target.getHost(), target.getPort()), CONNECT_MILLIS);
            return socket;
        } catch (IOException e) {
            drop(socket);
            throw new UnreachableException(e);
        }
    }

    /** Closes it without waiting for what the runtime has not taken, and forgets that. */
    static void drop(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is closed already.
        }
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed either way.
        }
    }

    private static RuntimeLink answered(Socket socket) throws IOException {
        InputStream in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
        String[] line = line(in).split(" ", 3);
        if (line.length < 2 || !line[0].startsWith("HTTP/1.") || !line[1].matches("\\d{3}")) {
            throw new IOException("the runtime's answer is no HTTP");
        }
        Map<String, String> headers = new HashMap<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            if (colon > 0) {
                headers.put(
                        header.substring(0, colon).toLowerCase(Locale.ROOT),
                        header.substring(colon + 1).strip());
            }
        }
        return new RuntimeLink(socket, in, Integer.parseInt(line[1]), headers);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the runtime ended the connection within its answer");
            }
            if (line.length() > MAX_HEAD) {
                throw new IOException("the runtime's answer is too long");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    boolean upgraded() {
        return status == 101
                && headers.getOrDefault("upgrade", "").toLowerCase(Locale.ROOT).contains("spdy/3.1");
    }

    int status() {
        return status;
    }

    /** Which of the protocols it will be; empty when the runtime did not say. */
    String protocol() {
        return headers.getOrDefault("x-stream-protocol-version", "");
    }

    /** Why the runtime does not upgrade. */
    String refusal() throws IOException {
        int length = MAX_REFUSAL;
        try {
            length = Math.min(length, Integer.parseInt(headers.getOrDefault("content-length", "" + MAX_REFUSAL)));
        } catch (NumberFormatException e) {
            // As much as comes.
            length = MAX_REFUSAL;
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8).strip();
    }

    InputStream in() {
        return in;
    }

    OutputStream out() throws IOException {
        return socket.getOutputStream();
    }

    /** As {@link #close}, and forgets what the runtime has not taken. */
    void drop() {
        drop(socket);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed either way.
            return;
        }
    }
}
