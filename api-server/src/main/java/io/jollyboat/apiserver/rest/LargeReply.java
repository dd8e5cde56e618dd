package io.jollyboat.apiserver.rest;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Sends answers that may be large: compressed where the client wants it, piece by piece as it reads. */
final class LargeReply {
    /** As upstream, small answers are not worth compressing. */
    private static final int GZIP_FROM_BYTES = 128 * 1024;

    private static final int PIECE_BYTES = 64 * 1024;

    private LargeReply() {}

    /** @param body looked at more than once, from the beginning */
    static void send(HttpExchange exchange, String contentType, List<byte[]> body) throws InterruptedException {
        if (isSmall(body)) {
            exchange.reply(new Reply(200, contentType, Map.of(), List.copyOf(body)));
            return;
        }
        boolean gzip = wantsGzip(exchange.header("Accept-Encoding"));
        if (gzip) {
            exchange.addHeader("Content-Encoding", "gzip");
            exchange.addHeader("Vary", "Accept-Encoding");
        }
        exchange.auditAnswer(200, contentType, body);
        exchange.begin(200, contentType);
        boolean complete = gzip ? zipped(exchange, body) : pieces(exchange, body);
        if (complete) {
            exchange.end();
        }
    }

    private static boolean isSmall(List<byte[]> body) {
        long length = 0;
        for (byte[] chunk : body) {
            length += chunk.length;
            if (length >= GZIP_FROM_BYTES) {
                return false;
            }
        }
        return true;
    }

    private static boolean wantsGzip(String acceptEncoding) {
        if (acceptEncoding == null) {
            return false;
        }
        return MediaRangeList.names(acceptEncoding).contains("gzip");
    }

    /** Copied once, into the memory that goes to the network. */
    private static boolean pieces(HttpExchange exchange, List<byte[]> body) throws InterruptedException {
        ByteBuf piece = exchange.buffer(PIECE_BYTES);
        for (byte[] chunk : body) {
            int at = 0;
            while (chunk.length - at >= piece.writableBytes()) {
                int fits = piece.writableBytes();
                piece.writeBytes(chunk, at, fits);
                at += fits;
                if (!exchange.write(piece)) {
                    return false;
                }
                piece = exchange.buffer(PIECE_BYTES);
            }
            piece.writeBytes(chunk, at, chunk.length - at);
        }
        if (piece.isReadable()) {
            return exchange.write(piece);
        }
        piece.release();
        return true;
    }

    private static boolean zipped(HttpExchange exchange, List<byte[]> body) throws InterruptedException {
        ByteArrayOutputStream piece = new ByteArrayOutputStream(PIECE_BYTES);
        try (FastGzip gzip = new FastGzip(piece)) {
            for (byte[] chunk : body) {
                gzip.write(chunk);
                if (piece.size() >= PIECE_BYTES) {
                    if (!exchange.write(piece.toByteArray())) {
                        return false;
                    }
                    piece.reset();
                }
            }
            gzip.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // an array takes everything
        }
        return exchange.write(piece.toByteArray());
    }

    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(ByteArrayOutputStream out) throws IOException {
            super(out, 8192);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
