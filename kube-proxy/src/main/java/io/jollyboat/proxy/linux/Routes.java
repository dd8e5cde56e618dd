package io.jollyboat.proxy.linux;

import io.jollyboat.proxy.rules.Ipv4Cidr;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** Our entries in the main routing table, told from others' by their protocol number. */
public final class Routes {
    /** A number that no routing daemon uses. */
    private static final int OURS = 74;

    private static final int NEW_ROUTE = 24;
    private static final int DELETE_ROUTE = 25;
    private static final int GET_ROUTE = 26;
    private static final int DESTINATION = 1;
    private static final int DEVICE = 4;
    private static final int GATEWAY = 5;
    private static final int PREFERRED_SOURCE = 7;
    private static final int AF_INET = 2;
    private static final int MAIN = 254;
    private static final int UNIVERSE = 0;
    private static final int LINK = 253;
    private static final int UNICAST = 1;

    private Routes() {}

    /** Routes the range through a neighbour, in place of an earlier route to it. */
    public static void via(Ipv4Cidr range, String gateway) throws IOException {
        NetlinkSocket.call(
                NetlinkSocket.ROUTE,
                new NetlinkRequest("routing " + range + " via " + gateway, NEW_ROUTE, replace())
                        .header(header(range, UNIVERSE))
                        .attribute(DESTINATION, bytes(range))
                        .attribute(GATEWAY, bytes(gateway)));
    }

    /** Routes the range to a device. Connections of this machine get the source address. */
    public static void toDevice(Ipv4Cidr range, String device, String source) throws IOException {
        NetlinkSocket.call(
                NetlinkSocket.ROUTE,
                new NetlinkRequest("routing " + range + " to " + device, NEW_ROUTE, replace())
                        .header(header(range, LINK))
                        .attribute(DESTINATION, bytes(range))
                        .attribute(DEVICE, Links.index(device))
                        .attribute(PREFERRED_SOURCE, bytes(source)));
    }

    /** Removes our route to the range; none is fine. */
    public static void remove(Ipv4Cidr range) throws IOException {
        try {
            NetlinkSocket.call(
                    NetlinkSocket.ROUTE,
                    new NetlinkRequest("removing the route to " + range, DELETE_ROUTE, NetlinkRequest.ACK)
                            .header(header(range, 255))
                            .attribute(DESTINATION, bytes(range)));
        } catch (NetlinkException e) {
            if (e.errno() != NetlinkException.NO_PROCESS) {
                throw e;
            }
        }
    }

    /** Our routes through neighbours, and the neighbour of each. */
    public static Map<Ipv4Cidr, String> ours() throws IOException {
        NetlinkRequest request = new NetlinkRequest("listing routes", GET_ROUTE, NetlinkRequest.ROOT_MATCH)
                .header(ByteBuffer.allocate(12).put((byte) AF_INET).array());
        Map<Ipv4Cidr, String> found = new HashMap<>();
        for (NetlinkReply reply : NetlinkSocket.call(NetlinkSocket.ROUTE, request)) {
            Map<Integer, ByteBuffer> attributes = reply.attributes(12);
            if (reply.byteAt(5) != OURS || !attributes.containsKey(DESTINATION) || !attributes.containsKey(GATEWAY)) {
                continue;
            }
            found.put(
                    new Ipv4Cidr(number(attributes.get(DESTINATION)), reply.byteAt(1)),
                    Ipv4Cidr.text(number(attributes.get(GATEWAY))));
        }
        return found;
    }

    private static int replace() {
        return NetlinkRequest.ACK | NetlinkRequest.CREATE | NetlinkRequest.REPLACE;
    }

    private static byte[] header(Ipv4Cidr range, int scope) {
        return new byte[] {
            AF_INET, (byte) range.bits(), 0, 0, (byte) MAIN, (byte) OURS, (byte) scope, (byte) UNICAST, 0, 0, 0, 0
        };
    }

    private static int number(ByteBuffer address) {
        return address.order(ByteOrder.BIG_ENDIAN).getInt(0);
    }

    private static byte[] bytes(Ipv4Cidr range) {
        return ByteBuffer.allocate(4).putInt(range.network()).array();
    }

    static byte[] bytes(String address) {
        return ByteBuffer.allocate(4).putInt(Ipv4Cidr.address(address)).array();
    }
}
