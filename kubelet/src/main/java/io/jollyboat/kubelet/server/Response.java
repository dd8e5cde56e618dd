package io.jollyboat.kubelet.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Answers one request on a connection: whole, or in chunks. */
final class Response {
    private final OutputStream out;
    private boolean begun;

    Response(OutputStream out) {
        this.out = out;
    }

    boolean begun() {
        return begun;
    }

    void send(int status, String contentType, byte[] body) throws IOException {
        begun = true;
        String head = "HTTP/1.1 " + status + " " + phrase(status) + "\r\nContent-Type: " + contentType
                + "\r\nContent-Length: " + body.length + "\r\n\r\n";
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
        whole.writeBytes(body);
        out.write(whole.toByteArray());
        out.flush();
    }

    void text(int status, String text) throws IOException {
        send(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** A body of unknown length; closing it ends the body, not the connection. */
    OutputStream stream(String contentType) throws IOException {
        begun = true;
        out.write(("HTTP/1.1 200 OK\r\nContent-Type: " + contentType + "\r\nTransfer-Encoding: chunked\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        return new Chunks();
    }

    private static String phrase(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            default -> "Internal Server Error";
        };
    }

    /** Collects until it is flushed: a chunk per flush or per 32 KiB. */
    private final class Chunks extends OutputStream {
        private static final int FULL = 32 << 10;

        private final ByteArrayOutputStream chunk = new ByteArrayOutputStream();

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            chunk.write(bytes, from, length);
            if (chunk.size() >= FULL) {
                flush();
            }
        }

        @Override
        public void flush() throws IOException {
            if (chunk.size() > 0) {
                ByteArrayOutputStream framed = new ByteArrayOutputStream(chunk.size() + 16);
                framed.writeBytes((Integer.toHexString(chunk.size()) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                framed.writeBytes(chunk.toByteArray());
                framed.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
                out.write(framed.toByteArray());
                chunk.reset();
            }
            out.flush();
        }

        @Override
        public void close() throws IOException {
            flush();
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
    }
}
