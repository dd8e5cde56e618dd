package io.jollyboat.proxy.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** One message of a reply, without the netlink header: the family's fixed header, then attributes. */
final class NetlinkReply {
    private static final int TYPE_MASK = 0x3fff;

    private final ByteBuffer payload;

    NetlinkReply(ByteBuffer payload) {
        this.payload = payload.order(ByteOrder.nativeOrder());
    }

    int byteAt(int offset) {
        return payload.get(offset) & 0xff;
    }

    int intAt(int offset) {
        return payload.getInt(offset);
    }

    /** The attributes after a fixed header of the size. */
    Map<Integer, ByteBuffer> attributes(int headerSize) {
        return attributes(payload.slice(headerSize, payload.limit() - headerSize));
    }

    /** The attributes in a buffer. */
    static Map<Integer, ByteBuffer> attributes(ByteBuffer nested) {
        Map<Integer, ByteBuffer> found = new HashMap<>();
        ByteBuffer in = nested.duplicate().order(ByteOrder.nativeOrder());
        int at = 0;
        while (at + 4 <= in.limit()) {
            int length = in.getShort(at) & 0xffff;
            int type = in.getShort(at + 2) & TYPE_MASK;
            if (length < 4 || at + length > in.limit()) {
                break;
            }
            found.put(type, in.slice(at + 4, length - 4).order(ByteOrder.nativeOrder()));
            at += (length + 3) & ~3;
        }
        return found;
    }
}
