package io.jollyboat.kubelet.streams;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Follows what a runtime's streaming server sends after the upgrade, to know where one frame ends and the next begins. */
final class FrameTracker {
    private static final int MAX_HEAD = 64 << 10;
    private static final int SPDY_HEAD = 8;
    private static final int WEBSOCKET_CLOSE = 8;
    private static final byte[] NOTHING = {};
    /** A PING as if it answered one of the client's, which never sent this number: to be ignored (SPDY 2.6.5). */
    private static final byte[] SPDY_BEAT = {(byte) 0x80, 3, 0, 6, 0, 0, 0, 4, 0x7f, -1, -1, -1};
    /** A PONG that nobody asked for: to be ignored (RFC 6455 5.5.3). */
    private static final byte[] WEBSOCKET_BEAT = {(byte) 0x8a, 0};

    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private final ByteBuffer begun = ByteBuffer.allocate(14);
    private Protocol protocol = Protocol.HEAD;
    private long payloadLeft;

    private enum Protocol {
        /** The answer to the request is not whole. */
        HEAD,
        SPDY,
        WEBSOCKET,
        /** Whatever it is, nothing may be put in. */
        OTHER
    }

    void passed(byte[] bytes, int from, int length) {
        int end = from + length;
        for (int at = from; at < end; ) {
            switch (protocol) {
                case HEAD -> {
                    head(bytes[at]);
                    at++;
                }
                case SPDY, WEBSOCKET -> {
                    if (payloadLeft > 0) {
                        int skipped = (int) Math.min(payloadLeft, end - at);
                        payloadLeft -= skipped;
                        at += skipped;
                    } else {
                        begun.put(bytes[at]);
                        at++;
                        frameHead();
                    }
                }
                case OTHER -> {
                    return;
                }
            }
        }
    }

    /** What may be put in here for the client to ignore; nothing within a frame. */
    byte[] beat() {
        if (payloadLeft > 0 || begun.position() > 0) {
            return NOTHING;
        }
        return switch (protocol) {
            case SPDY -> SPDY_BEAT;
            case WEBSOCKET -> WEBSOCKET_BEAT;
            case HEAD, OTHER -> NOTHING;
        };
    }

    private void head(byte next) {
        head.write(next);
        if (next != '\n') {
            protocol = head.size() > MAX_HEAD ? Protocol.OTHER : Protocol.HEAD;
            return;
        }
        String text = head.toString(StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        if (!text.endsWith("\r\n\r\n") && !text.endsWith("\n\n")) {
            return;
        }
        head.reset();
        if (!text.startsWith("http/1.1 101")) {
            protocol = Protocol.OTHER;
        } else if (text.contains("\nupgrade: spdy/3.1")) {
            protocol = Protocol.SPDY;
        } else {
            protocol = text.contains("\nupgrade: websocket") ? Protocol.WEBSOCKET : Protocol.OTHER;
        }
    }

    /** Looks whether the frame's head is whole. */
    private void frameHead() {
        if (protocol == Protocol.SPDY) {
            if (begun.position() == SPDY_HEAD) {
                payloadLeft = begun.getInt(4) & 0xff_ffff;
                begun.clear();
            }
            return;
        }
        int has = begun.position();
        if (has < 2) {
            return;
        }
        int length = begun.get(1) & 0x7f;
        int extended = length == 126 ? 2 : length == 127 ? 8 : 0;
        int mask = begun.get(1) < 0 ? 4 : 0;
        if (has < 2 + extended + mask) {
            return;
        }
        payloadLeft = switch (extended) {
            case 2 -> begun.getShort(2) & 0xffff;
            case 8 -> begun.getLong(2);
            default -> length;
        };
        if (payloadLeft < 0 || (begun.get(0) & 0x0f) == WEBSOCKET_CLOSE) {
            protocol = Protocol.OTHER;
        }
        begun.clear();
    }
}
