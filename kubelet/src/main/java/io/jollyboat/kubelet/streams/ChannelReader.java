package io.jollyboat.kubelet.streams;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.jollyboat.kubelet.streams.WebSocket.Piece;
import java.io.ByteArrayOutputStream;

/** What the messages of {@code channel.k8s.io} mean: the first byte names a channel, the rest is its data. */
final class ChannelReader {
    static final int STDIN = 0;
    static final int STDOUT = 1;
    static final int STDERR = 2;
    static final int ERROR = 3;
    static final int RESIZE = 4;
    /** No channel: the next byte names the one that ends. */
    private static final int CLOSE = 255;

    private int channel;
    /** What a message says to be closed. */
    private final ByteArrayOutputStream named = new ByteArrayOutputStream();

    /** What a piece of a message means. */
    sealed interface Word {
        record Nothing() implements Word {}

        record Data(int channel, ByteString bytes) implements Word {}

        record Ended(int channel) implements Word {}

        /** No client says this. */
        record Impossible() implements Word {}
    }

    Word read(Piece piece) {
        byte[] bytes = piece.bytes();
        int from = 0;
        if (piece.begins() && bytes.length > 0) {
            channel = bytes[0] & 0xff;
            from = 1;
            named.reset();
        } else if (piece.begins()) {
            return new Word.Nothing();
        }
        if (channel != CLOSE) {
            return new Word.Data(channel, UnsafeByteOperations.unsafeWrap(bytes, from, bytes.length - from));
        }
        named.write(bytes, from, Math.min(bytes.length - from, 2));
        return !piece.ends() && named.size() < 2 ? new Word.Nothing() : ended(named.toByteArray());
    }

    private static Word ended(byte[] which) {
        return which.length == 1 && which[0] >= STDIN && which[0] <= RESIZE
                ? new Word.Ended(which[0])
                : new Word.Impossible();
    }
}
