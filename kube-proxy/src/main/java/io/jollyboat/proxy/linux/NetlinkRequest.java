package io.jollyboat.proxy.linux;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes one netlink message. Numbers are in the machine's order unless a method says otherwise. */
final class NetlinkRequest {
    static final int REQUEST = 0x1;
    static final int ACK = 0x4;
    static final int ROOT_MATCH = 0x300;
    static final int REPLACE = 0x100;
    static final int EXCLUSIVE = 0x200;
    static final int CREATE = 0x400;
    private static final int NESTED = 0x8000;

    private final String what;
    private final int type;
    private final int flags;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    /** @param what for error messages */
    NetlinkRequest(String what, int type, int flags) {
        this.what = what;
        this.type = type;
        this.flags = flags | REQUEST;
    }

    /** The family's fixed header. */
    NetlinkRequest header(byte[] header) {
        body.writeBytes(header);
        pad();
        return this;
    }

    NetlinkRequest attribute(int attribute, byte[] value) {
        body.writeBytes(ints(2, value.length + 4, attribute));
        body.writeBytes(value);
        pad();
        return this;
    }

    NetlinkRequest attribute(int attribute, int value) {
        return attribute(
                attribute,
                ByteBuffer.allocate(4)
                        .order(ByteOrder.nativeOrder())
                        .putInt(value)
                        .array());
    }

    NetlinkRequest attribute(int attribute, String value) {
        return attribute(attribute, (value + "\0").getBytes(StandardCharsets.UTF_8));
    }

    NetlinkRequest nested(int attribute, NetlinkRequest inner) {
        return attribute(attribute | NESTED, inner.body.toByteArray());
    }

    /** Attributes to be nested. */
    static NetlinkRequest inner() {
        return new NetlinkRequest("", 0, 0);
    }

    private void pad() {
        while (body.size() % 4 != 0) {
            body.write(0);
        }
    }

    private static byte[] ints(int width, int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(width * values.length).order(ByteOrder.nativeOrder());
        for (int value : values) {
            buffer.putShort((short) value);
        }
        return buffer.array();
    }

    String what() {
        return what;
    }

    boolean dump() {
        return (flags & ROOT_MATCH) == ROOT_MATCH && (flags & CREATE) == 0;
    }

    byte[] bytes(int sequence) {
        return ByteBuffer.allocate(16 + body.size())
                .order(ByteOrder.nativeOrder())
                .putInt(16 + body.size())
                .putShort((short) type)
                .putShort((short) flags)
                .putInt(sequence)
                .putInt(0)
                .put(body.toByteArray())
                .array();
    }
}
