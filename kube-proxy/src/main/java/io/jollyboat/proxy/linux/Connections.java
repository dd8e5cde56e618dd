package io.jollyboat.proxy.linux;

import io.jollyboat.proxy.rules.Ipv4Cidr;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Connections that the kernel tracks. A UDP "connection" lives as long as its client goes on sending, with the target it
 * once got: when that is gone the entry must go too.
 */
public final class Connections {
    private static final int GET = 1 << 8 | 1;
    private static final int DELETE = 1 << 8 | 2;
    private static final int ORIGINAL = 1;
    private static final int REPLY = 2;
    private static final int TUPLE_IP = 1;
    private static final int TUPLE_PROTO = 2;
    private static final int IP_SOURCE = 1;
    private static final int IP_DESTINATION = 2;
    private static final int PROTO_NUMBER = 1;
    private static final int PROTO_SOURCE_PORT = 2;
    private static final int PROTO_DESTINATION_PORT = 3;
    private static final int AF_INET = 2;
    private static final int UDP = 17;

    private Connections() {}

    /** Where a connection was sent to, and who answers it. The same when nothing was rewritten. */
    public record Flow(String ip, int port, String targetIp, int targetPort) {}

    /** Forgets the UDP connections that match; returns how many. */
    public static int forgetUdp(Predicate<Flow> matches) throws IOException {
        try (NetlinkSocket netlink = new NetlinkSocket(NetlinkSocket.NETFILTER)) {
            int forgotten = 0;
            List<NetlinkReply> all = netlink.call(
                    new NetlinkRequest("listing connections", GET, NetlinkRequest.ROOT_MATCH).header(header()));
            for (NetlinkReply reply : all) {
                Map<Integer, ByteBuffer> entry = reply.attributes(4);
                Tuple original = Tuple.of(entry.get(ORIGINAL));
                Tuple answer = Tuple.of(entry.get(REPLY));
                if (original.protocol() == UDP
                        && matches.test(new Flow(
                                original.destination(),
                                original.destinationPort(),
                                answer.source(),
                                answer.sourcePort()))) {
                    forgotten += forget(netlink, entry.get(ORIGINAL));
                }
            }
            return forgotten;
        }
    }

    private static int forget(NetlinkSocket netlink, ByteBuffer original) throws IOException {
        byte[] tuple = new byte[original.remaining()];
        original.duplicate().get(tuple);
        try {
            netlink.call(new NetlinkRequest("forgetting a connection", DELETE, NetlinkRequest.ACK)
                    .header(header())
                    .attribute(ORIGINAL | 0x8000, tuple));
            return 1;
        } catch (NetlinkException e) {
            if (e.errno() == NetlinkException.NO_ENTRY) {
                return 0;
            }
            throw e;
        }
    }

    private static byte[] header() {
        return new byte[] {AF_INET, 0, 0, 0};
    }

    private record Tuple(int protocol, String source, int sourcePort, String destination, int destinationPort) {
        static Tuple of(ByteBuffer attribute) {
            Map<Integer, ByteBuffer> parts = NetlinkReply.attributes(attribute);
            Map<Integer, ByteBuffer> ip = NetlinkReply.attributes(parts.get(TUPLE_IP));
            Map<Integer, ByteBuffer> proto = NetlinkReply.attributes(parts.get(TUPLE_PROTO));
            return new Tuple(
                    proto.get(PROTO_NUMBER).get(0) & 0xff,
                    address(ip.get(IP_SOURCE)),
                    port(proto.get(PROTO_SOURCE_PORT)),
                    address(ip.get(IP_DESTINATION)),
                    port(proto.get(PROTO_DESTINATION_PORT)));
        }

        private static String address(ByteBuffer value) {
            return Ipv4Cidr.text(value.order(ByteOrder.BIG_ENDIAN).getInt(0));
        }

        private static int port(ByteBuffer value) {
            return value == null ? 0 : value.order(ByteOrder.BIG_ENDIAN).getShort(0) & 0xffff;
        }
    }
}
