package io.jollyboat.kubelet.streams;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.kubelet.streams.ChannelReader.Word;
import io.jollyboat.kubelet.streams.SpdyConnection.Frame;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What peers of streams send, as Jazzer makes it up. In a build the kept inputs are run through, in no time; with
 * {@code JAZZER_FUZZ=1} one method at a time goes looking for more. Anything but an IOException is a finding.
 */
class StreamsFuzzTest {
    private static final String LIMIT = "1m";
    private static final int PIECE = 32 << 10;

    /** A client's frames: no piece is larger than a piece, and what a message's pieces say of its ends adds up. */
    @DictionaryEntries({
        "\u0082\u0080",
        "\u0002\u0080",
        "\u0080\u0080",
        "\u0088\u0082",
        "\u0089\u0080",
        "\u0082\u00fe",
        "\u0082\u00ff"
    })
    @FuzzTest(maxDuration = LIMIT)
    void webSocket(byte[] input) {
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        WebSocket socket = new WebSocket(new ByteArrayInputStream(input), answers);
        boolean inside = false;
        long read = 0;
        try {
            for (WebSocket.Piece piece = socket.read(); piece != null; piece = socket.read()) {
                assertThat(piece.bytes().length).isLessThanOrEqualTo(PIECE);
                assertThat(piece.begins()).isNotEqualTo(inside);
                inside = !piece.ends();
                read += piece.bytes().length;
            }
        } catch (IOException e) {
            assertThat(e).isNotNull();
        }
        assertThat(read).isLessThanOrEqualTo(input.length);
        // Nothing is said to a client that it did not ask for: no more than its own pings, and a farewell.
        assertThat(answers.size()).isLessThanOrEqualTo(input.length + 4);
    }

    /** The channels that the messages are for. */
    @DictionaryEntries({
        "\u0082\u0082\0\0\0\0\u00ff\0",
        "\u0082\u0083\0\0\0\0\0ab",
        "\u0002\u0081\0\0\0\0\u00ff",
        "\u0080\u0081\0\0\0\0\0"
    })
    @FuzzTest(maxDuration = LIMIT)
    void channels(byte[] input) {
        WebSocket socket = new WebSocket(new ByteArrayInputStream(input), new ByteArrayOutputStream());
        ChannelReader channels = new ChannelReader();
        long data = 0;
        try {
            for (WebSocket.Piece piece = socket.read(); piece != null; piece = socket.read()) {
                Word word = channels.read(piece);
                if (word instanceof Word.Data some) {
                    assertThat(some.channel()).isBetween(0, 254);
                    data += some.bytes().size();
                } else if (word instanceof Word.Ended ended) {
                    assertThat(ended.channel()).isBetween(0, 4);
                }
            }
        } catch (IOException e) {
            assertThat(e).isNotNull();
        }
        assertThat(data).isLessThanOrEqualTo(input.length);
    }

    /** A runtime's frames. */
    @DictionaryEntries({
        "\u0080\3\0\2\0\0\0\4\0\0\0\1",
        "\u0080\3\0\6\0\0\0\4\0\0\0\2",
        "\u0080\3\0\3\0\0\0\10",
        "\0\0\0\1\1\0\0\1x"
    })
    @FuzzTest(maxDuration = LIMIT)
    void spdy(byte[] input) {
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        long data = 0;
        try (SpdyConnection spdy = new SpdyConnection(new ByteArrayInputStream(input), answers)) {
            for (Frame frame = spdy.read(); frame != null; frame = spdy.read()) {
                if (frame instanceof Frame.Data piece) {
                    assertThat(piece.stream()).isNotNegative();
                    data += piece.bytes().size();
                }
            }
        } catch (IOException e) {
            assertThat(e).isNotNull();
        }
        assertThat(data).isLessThanOrEqualTo(input.length);
        assertThat(answers.size()).isLessThanOrEqualTo(input.length);
    }

    /** However the bytes come in parts, frames end at the same places. */
    @DictionaryEntries({
        "\u0080\3\0\2\0\0\0\4",
        "\0\0\0\1\0\0\0\1x",
        "\u0082\u0003",
        "\u0082~\0\1",
        "\u0082\u007f",
        "\u0088\0"
    })
    @FuzzTest(maxDuration = LIMIT)
    void tracker(byte[] input) {
        for (String upgrade : new String[] {"SPDY/3.1", "websocket"}) {
            byte[] head = ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: " + upgrade + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            FrameTracker whole = new FrameTracker();
            whole.passed(head, 0, head.length);
            whole.passed(input, 0, input.length);
            FrameTracker single = new FrameTracker();
            single.passed(head, 0, head.length);
            for (int i = 0; i < input.length; i++) {
                single.passed(input, i, 1);
            }
            assertThat(whole.beat()).isEqualTo(single.beat());
        }
    }

    /** What a runtime writes to the error stream: whatever it is, the client gets a Status. */
    @DictionaryEntries({
        "{\"status\":\"Failure\"",
        "\"reason\":\"NonZeroExitCode\"",
        "\"details\":{\"causes\":[{",
        "\"reason\":\"ExitCode\"",
        "\"message\":\"7\""
    })
    @FuzzTest(maxDuration = LIMIT)
    void status(byte[] input) {
        byte[] told = ExitStatus.ofRuntime(Arrays.copyOf(input, Math.min(input.length, 64 << 10)));
        String json = new String(told, StandardCharsets.UTF_8);
        assertThat(json).contains("\"status\":\"");
        assertThat(JsonCodec.decode(
                                told,
                                io.jollyboat.api.meta.v1.Status.getDefaultInstance(),
                                io.jollyboat.codec.Strictness.STRICT)
                        .message()
                        .getStatus())
                .isIn("Success", "Failure");
    }
}
