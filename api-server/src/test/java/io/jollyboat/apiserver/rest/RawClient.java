package io.jollyboat.apiserver.rest;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A client that sends what no decent client would. Reads give up after a minute. */
final class RawClient implements AutoCloseable {
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(60_000);
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /** Without TLS. */
    static RawClient plain(int port) throws IOException {
        return new RawClient(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    static RawClient http1(int port) throws IOException {
        return tls(port, "http/1.1");
    }

    /** Has not yet said a word. */
    static RawClient tls(int port, String protocol) throws IOException {
        return tls(port, protocol, "TLSv1.3");
    }

    static RawClient tls(int port, String protocol, String version) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Credulous()}, null);
            SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {protocol});
            parameters.setProtocols(new String[] {version});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return new RawClient(socket);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Begins another handshake within the connection, and hears what the server thinks of it. */
    void negotiateAgain() throws IOException {
        ((SSLSocket) socket).startHandshake();
        send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        answer();
    }

    /** Has sent preface and settings. */
    static RawClient http2(int port) throws IOException {
        RawClient client = tls(port, "h2");
        client.out.write(PREFACE);
        client.frame(SETTINGS, 0, 0, new byte[0]);
        return client;
    }

    private static final class Credulous implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawClient send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        send(ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array());
    }

    /** A whole request, {@code GET /}. */
    void get(int stream) throws IOException {
        // Of the static table: :method GET, :path /, :scheme https; :authority spelt out.
        frame(HEADERS, 0x5, stream, new byte[] {(byte) 0x82, (byte) 0x84, (byte) 0x87, 0x01, 1, 'a'});
    }

    /** A frame from the server. */
    record Frame(int type, int flags, int stream, ByteBuffer payload) {
        int error() {
            return payload.getInt(type == GOAWAY ? 4 : 0);
        }
    }

    /** Null at the end. */
    Frame frame() throws IOException {
        byte[] head = in.readNBytes(9);
        if (head.length < 9) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.wrap(head);
        int lengthAndType = buffer.getInt();
        int flags = buffer.get();
        int stream = buffer.getInt();
        byte[] payload = new byte[lengthAndType >>> 8];
        new DataInputStream(in).readFully(payload);
        return new Frame(lengthAndType & 0xff, flags, stream, ByteBuffer.wrap(payload));
    }

    /** The next one of that type. */
    Frame await(int type) throws IOException {
        for (Frame frame = frame(); frame != null; frame = frame()) {
            if (frame.type == type) {
                return frame;
            }
        }
        throw new IOException("the server has closed the connection");
    }

    /** All that comes until the server closes the connection, in whatever manner. */
    String readToEnd() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = new byte[4096];
        try {
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                all.write(piece, 0, length);
            }
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("the server does not close the connection; sent: " + all, e);
        } catch (IOException e) {
            // Reset: an end as good as any.
            return all.toString(StandardCharsets.ISO_8859_1);
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    /** One answer with a Content-Length. */
    String answer() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("the connection ends after: " + head);
            }
            head.append((char) b);
        }
        java.util.regex.Matcher length =
                java.util.regex.Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
        int bytes = length.find() ? Integer.parseInt(length.group(1)) : 0;
        return head + new String(in.readNBytes(bytes), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
