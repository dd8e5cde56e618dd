package io.jollyboat.apiserver.clients;

import com.google.protobuf.ByteString;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** HTTP/1.1 by hand: a library would not let a test set all headers, nor read a stream as far as it wants. */
final class RawDoor implements AutoCloseable {
    private static final int LIMIT_MILLIS = 30_000;

    private final URI url;
    private final SSLContext tls;
    private SSLSocket open;

    RawDoor(String url, SSLContext tls) {
        this.url = URI.create(url);
        this.tls = tls;
    }

    /** An answer; of a stream, its first events. */
    record Answer(int status, Map<String, List<String>> headers, ByteString body, List<byte[]> parts) {
        String header(String name) {
            return String.join(", ", headers.getOrDefault(name, List.of()));
        }
    }

    /** @param enough tells of a stream's event that no more of them are wanted; null where the answer is no stream */
    Answer send(String method, String target, Map<String, String> headers, byte[] body, Predicate<String> enough)
            throws IOException {
        SSLSocket socket = open == null ? connect() : open;
        open = null;
        boolean kept = false;
        try {
            StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: " + url.getAuthority());
            headers.forEach((name, value) ->
                    head.append("\r\n").append(name).append(": ").append(value));
            if (body.length > 0 || !method.equals("GET")) {
                head.append("\r\nContent-Length: ").append(body.length);
            }
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes(head.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            request.writeBytes(body);
            socket.getOutputStream().write(request.toByteArray());
            socket.getOutputStream().flush();
            Answer answer = read(new DataInputStream(new BufferedInputStream(socket.getInputStream())), enough);
            kept = answer.status() != 101
                    && answer.parts().isEmpty()
                    && !answer.header("connection").equals("close");
            open = kept ? socket : null;
            return answer;
        } finally {
            if (!kept) {
                socket.close();
            }
        }
    }

    private SSLSocket connect() throws IOException {
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(url.getHost(), url.getPort());
        socket.setSoTimeout(LIMIT_MILLIS);
        socket.setTcpNoDelay(true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        return socket;
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
        }
    }

    private static Answer read(DataInputStream in, Predicate<String> enough) throws IOException {
        int status = Integer.parseInt(line(in).split(" ")[1]);
        Map<String, List<String>> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        if (status == 101) {
            return new Answer(status, headers, ByteString.EMPTY, enough == null ? List.of() : messages(in, enough));
        }
        if (!headers.containsKey("transfer-encoding")) {
            int length = Integer.parseInt(
                    headers.getOrDefault("content-length", List.of("0")).getFirst());
            return new Answer(status, headers, ByteString.copyFrom(in.readNBytes(length)), List.of());
        }
        DataInputStream body = new DataInputStream(new Chunks(in));
        if (enough != null && status == 200) {
            boolean framed = headers.get("content-type").getFirst().contains("protobuf");
            List<byte[]> parts = new ArrayList<>();
            do {
                parts.add(framed ? body.readNBytes(body.readInt()) : line(body).getBytes(StandardCharsets.ISO_8859_1));
            } while (!enough.test(new String(parts.getLast(), StandardCharsets.ISO_8859_1)));
            return new Answer(status, headers, ByteString.EMPTY, parts);
        }
        return new Answer(status, headers, ByteString.copyFrom(body.readAllBytes()), List.of());
    }

    /** What a chunked body holds. */
    private static final class Chunks extends InputStream {
        private final DataInputStream in;
        private int left;
        private boolean ended;

        Chunks(DataInputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0; // without waiting for the next chunk
            }
            if (left == 0 && !ended) {
                left = Integer.parseInt(line(in).strip(), 16);
                ended = left == 0;
                if (ended) {
                    line(in);
                }
            }
            if (ended) {
                return -1;
            }
            int read = in.read(bytes, offset, Math.min(length, left));
            if (read < 0) {
                throw new EOFException("the server ended the connection");
            }
            left -= read;
            if (left == 0) {
                line(in);
            }
            return read;
        }
    }

    /** A WebSocket's messages, as a server sends them: not masked. */
    private static List<byte[]> messages(DataInputStream in, Predicate<String> enough) throws IOException {
        List<byte[]> messages = new ArrayList<>();
        do {
            in.readByte();
            int length = in.readByte() & 0x7f;
            length = length == 126 ? in.readUnsignedShort() : length == 127 ? (int) in.readLong() : length;
            messages.add(in.readNBytes(length));
        } while (!enough.test(new String(messages.getLast(), StandardCharsets.ISO_8859_1)));
        return messages;
    }

    private static String line(DataInputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the server ended the connection");
            }
            if (b == '\n') {
                return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
            }
            line.write(b);
        }
    }
}
