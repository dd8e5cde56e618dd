package io.jollyboat.kubelet.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameTrackerTest {
    private static final byte[] NOTHING = {};
    private static final byte[] PING = {(byte) 0x80, 3, 0, 6, 0, 0, 0, 4, 0x7f, -1, -1, -1};
    private static final byte[] PONG = {(byte) 0x8a, 0};

    private static byte[] head(String answer, String upgrade) {
        return ("HTTP/1.1 " + answer + "\r\nConnection: Upgrade\r\nUpgrade: " + upgrade + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether a sign of life may be put in after each of the bytes. */
    private static List<Integer> places(byte[] beat, byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        FrameTracker tracker = new FrameTracker();
        List<Integer> places = new ArrayList<>();
        byte[] bytes = all.toByteArray();
        for (int i = 0; i < bytes.length; i++) {
            tracker.passed(bytes, i, 1);
            if (tracker.beat().length > 0) {
                assertThat(tracker.beat()).isEqualTo(beat);
                places.add(i + 1);
            }
        }
        FrameTracker atOnce = new FrameTracker();
        atOnce.passed(bytes, 0, bytes.length);
        assertThat(atOnce.beat()).isEqualTo(tracker.beat());
        return places;
    }

    private static byte[] spdy(int first, int second, int payload) {
        return ByteBuffer.allocate(8 + payload)
                .putInt(first)
                .putInt(second << 24 | payload)
                .array();
    }

    @Test
    void findsTheEndsOfSpdyFrames() {
        byte[] head = head("101 Switching Protocols", "SPDY/3.1");
        int at = head.length;
        assertThat(places(PING, head, spdy(0x80030002, 0, 6), spdy(1, 1, 0), spdy(3, 0, 300)))
                .containsExactly(at, at + 14, at + 22, at + 330);
    }

    @Test
    void findsTheEndsOfWebSocketFrames() {
        byte[] head = head("101 Switching Protocols", "websocket");
        int at = head.length;
        byte[] small = {(byte) 0x82, 3, 1, 2, 3};
        byte[] empty = {(byte) 0x82, 0};
        byte[] medium = ByteBuffer.allocate(304).putInt(0x827e012c).array();
        byte[] large = ByteBuffer.allocate(70_010)
                .put((byte) 0x82)
                .put((byte) 127)
                .putLong(70_000)
                .array();
        byte[] close = {(byte) 0x88, 2, 3, (byte) 0xe8};
        assertThat(places(PONG, head, small, empty, medium, large, close))
                .containsExactly(at, at + 5, at + 7, at + 311, at + 70_321);
    }

    @Test
    void putsNothingIntoWhatIsNoStream() {
        assertThat(places(NOTHING, head("403 Forbidden", "SPDY/3.1"), new byte[100]))
                .isEmpty();
        assertThat(places(NOTHING, head("101 Switching Protocols", "h2c"), new byte[100]))
                .isEmpty();
        assertThat(places(NOTHING, new byte[70_000])).isEmpty();
    }
}
