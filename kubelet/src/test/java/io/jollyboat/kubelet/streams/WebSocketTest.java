package io.jollyboat.kubelet.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Frames as RFC 6455 has them. */
class WebSocketTest {
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    private WebSocket reading(byte[]... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            all.writeBytes(frame);
        }
        return new WebSocket(new ByteArrayInputStream(all.toByteArray()), sent);
    }

    private static byte[] frame(int first, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 14).put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else {
            frame.put((byte) 0xfe).putShort((short) payload.length);
        }
        byte[] mask = {1, 2, 3, 4};
        frame.put(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ mask[i % 4]));
        }
        byte[] bytes = new byte[frame.position()];
        frame.get(0, bytes);
        return bytes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The example of the RFC. */
    @Test
    void answersTheHandshake() {
        assertThat(WebSocket.answer("dGhlIHNhbXBsZSBub25jZQ==")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @Test
    void readsMessagesInPiecesAndAnswersPings() throws IOException {
        byte[] longer = bytes("0123456789".repeat(50));
        WebSocket socket = reading(
                frame(0x82, bytes("whole")),
                frame(0x02, bytes("in ")),
                frame(0x89, bytes("there?")),
                frame(0x80, bytes("parts")),
                frame(0x82, longer),
                frame(0x88, new byte[] {3, (byte) 232}),
                frame(0x82, bytes("late")));
        assertPiece(socket.read(), bytes("whole"), true, true);
        assertPiece(socket.read(), bytes("in "), true, false);
        assertThat(sent.size()).isZero();
        assertPiece(socket.read(), bytes("parts"), false, true);
        assertThat(sent.toByteArray()).isEqualTo(bytes("\u008a\u0006there?"));
        assertPiece(socket.read(), longer, true, true);
        assertThat(socket.read()).isNull();
        assertThat(sent.toString(StandardCharsets.ISO_8859_1)).endsWith("\u0088\u0002\u0003\u00e8");
        assertThatThrownBy(() -> socket.write(1, new byte[1], 0, 1)).isInstanceOf(IOException.class);
    }

    private static void assertPiece(WebSocket.Piece piece, byte[] expected, boolean begins, boolean ends) {
        assertThat(piece.bytes()).isEqualTo(expected);
        assertThat(piece.begins()).isEqualTo(begins);
        assertThat(piece.ends()).isEqualTo(ends);
    }

    /** However long a message says it is, no more of it is kept than a piece. */
    @Test
    void readsLongMessagesPieceByPiece() throws IOException {
        byte[] head = ByteBuffer.allocate(14)
                .put((byte) 0x82)
                .put((byte) 0xff)
                .putLong(1L << 40)
                .array();
        WebSocket socket = reading(head, new byte[100_000]);
        assertPiece(socket.read(), new byte[32 << 10], true, false);
        assertPiece(socket.read(), new byte[32 << 10], false, false);
        assertPiece(socket.read(), new byte[32 << 10], false, false);
        assertThatThrownBy(socket::read).isInstanceOf(EOFException.class);
    }

    @Test
    void handsOutEmptyMessagesAndNoEmptyPieces() throws IOException {
        WebSocket socket = reading(
                frame(0x82, new byte[0]),
                frame(0x02, new byte[0]),
                frame(0x00, bytes("x")),
                frame(0x00, new byte[0]),
                frame(0x80, new byte[0]));
        assertPiece(socket.read(), new byte[0], true, true);
        assertPiece(socket.read(), bytes("x"), true, false);
        assertPiece(socket.read(), new byte[0], false, true);
        assertThat(socket.read()).isNull();
    }

    @Test
    void writesFramesOfEveryLength() throws IOException {
        WebSocket socket = reading();
        socket.write(1, bytes("abc"), 1, 2);
        socket.write(new byte[200], 0, 200);
        socket.write(new byte[70_000], 0, 70_000);
        ByteBuffer all = ByteBuffer.wrap(sent.toByteArray());
        byte[] first = new byte[5];
        all.get(first);
        assertThat(first).isEqualTo(bytes("\u0082\u0003\u0001bc"));
        assertThat(all.getInt()).isEqualTo(0x827e00c8);
        all.position(all.position() + 200);
        assertThat(all.getShort()).isEqualTo((short) 0x827f);
        assertThat(all.getLong()).isEqualTo(70_000);
        assertThat(all.remaining()).isEqualTo(70_000);
    }

    @Test
    void refusesWhatNoClientMaySend() {
        assertThatThrownBy(() -> reading(new byte[] {(byte) 0x82, 1, 'a'}).read())
                .hasMessage("frame without a mask");
        assertThatThrownBy(() -> reading(frame(0x80, bytes("a"))).read()).hasMessageContaining("out of order");
        WebSocket twice = reading(frame(0x02, bytes("a")), frame(0x82, bytes("a")));
        assertThatThrownBy(() -> {
                    twice.read();
                    twice.read();
                })
                .hasMessageContaining("out of order");
        for (int kind : new int[] {0x83, 0x8b, 0xc2, 0x92}) {
            assertThatThrownBy(() -> reading(frame(kind, bytes("a"))).read())
                    .hasMessage("frame of a kind that was not agreed on");
        }
        assertThatThrownBy(() -> reading(frame(0x09, bytes("a"))).read()).hasMessage("control frame too long");
        byte[] huge = ByteBuffer.allocate(14)
                .put((byte) 0x82)
                .put((byte) 0xff)
                .putLong(Long.MIN_VALUE)
                .array();
        assertThatThrownBy(() -> reading(huge).read()).hasMessage("message too long");
        assertThatThrownBy(() -> reading(java.util.Arrays.copyOf(frame(0x82, bytes("cut off")), 9))
                        .read())
                .isInstanceOf(EOFException.class);
        assertThat(sent.toString(StandardCharsets.ISO_8859_1)).contains("\u0088\u0002\u0003\u00ea");
    }
}
