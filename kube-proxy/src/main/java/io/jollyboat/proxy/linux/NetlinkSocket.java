package io.jollyboat.proxy.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** One conversation with the kernel. */
final class NetlinkSocket implements AutoCloseable {
    static final int ROUTE = 0;
    static final int NETFILTER = 12;

    private static final int AF_NETLINK = 16;
    private static final int RAW_CLOSE_ON_EXEC = 3 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int RECEIVE_TIMEOUT = 20;
    private static final int ERROR = 2;
    private static final int DONE = 3;
    private static final int LIMIT = 1 << 16;

    private final int socket;
    private int sequence;

    NetlinkSocket(int protocol) throws IOException {
        socket = Libc.socket(AF_NETLINK, RAW_CLOSE_ON_EXEC, protocol);
        // The kernel answers at once; a lost answer must not hang the caller for ever.
        Libc.setTimeout(socket, SOL_SOCKET, RECEIVE_TIMEOUT, 5);
    }

    /** Sends one request on a socket of its own. */
    static List<NetlinkReply> call(int protocol, NetlinkRequest request) throws IOException {
        try (NetlinkSocket netlink = new NetlinkSocket(protocol)) {
            return netlink.call(request);
        }
    }

    /** Sends a request with ACK or a dump, and reads what comes until its end. */
    List<NetlinkReply> call(NetlinkRequest request) throws IOException {
        Libc.send(socket, request.bytes(++sequence));
        List<NetlinkReply> replies = new ArrayList<>();
        while (true) {
            ByteBuffer in = ByteBuffer.wrap(Libc.receive(socket, LIMIT)).order(ByteOrder.nativeOrder());
            int at = 0;
            while (at + 16 <= in.limit()) {
                int length = in.getInt(at);
                int type = in.getShort(at + 4) & 0xffff;
                if (in.getInt(at + 8) != sequence) {
                    at += (length + 3) & ~3;
                    continue;
                }
                if (type == DONE) {
                    return replies;
                }
                if (type == ERROR) {
                    int errno = -in.getInt(at + 16);
                    if (errno != 0) {
                        throw new NetlinkException(request.what(), errno);
                    }
                    return replies;
                }
                replies.add(new NetlinkReply(in.slice(at + 16, length - 16)));
                at += (length + 3) & ~3;
            }
        }
    }

    @Override
    public void close() throws IOException {
        Libc.close(socket);
    }
}
