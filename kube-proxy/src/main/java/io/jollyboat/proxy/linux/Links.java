package io.jollyboat.proxy.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Network devices and their addresses. */
public final class Links {
    private static final int NEW_LINK = 16;
    private static final int DELETE_LINK = 17;
    private static final int GET_LINK = 18;
    private static final int NEW_ADDRESS = 20;
    private static final int IFLA_NAME = 3;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int AF_INET = 2;
    private static final int UP = 1;

    private Links() {}

    /** Makes a bridge without ports, or takes the one that is there, and puts it up. */
    public static void ensureBridge(String name) throws IOException {
        NetlinkRequest create = new NetlinkRequest(
                        "creating bridge " + name,
                        NEW_LINK,
                        NetlinkRequest.ACK | NetlinkRequest.CREATE | NetlinkRequest.EXCLUSIVE)
                .header(interfaceHeader(0, 0))
                .attribute(IFLA_NAME, name)
                .nested(IFLA_LINKINFO, NetlinkRequest.inner().attribute(IFLA_INFO_KIND, "bridge"));
        try {
            NetlinkSocket.call(NetlinkSocket.ROUTE, create);
        } catch (NetlinkException e) {
            if (e.errno() != NetlinkException.EXISTS) {
                throw e;
            }
        }
        NetlinkSocket.call(
                NetlinkSocket.ROUTE,
                new NetlinkRequest("putting up " + name, NEW_LINK, NetlinkRequest.ACK)
                        .header(interfaceHeader(index(name), UP)));
    }

    /** Removes a device; one that is not there is fine. */
    public static void remove(String name) throws IOException {
        try {
            NetlinkSocket.call(
                    NetlinkSocket.ROUTE,
                    new NetlinkRequest("removing " + name, DELETE_LINK, NetlinkRequest.ACK)
                            .header(interfaceHeader(0, 0))
                            .attribute(IFLA_NAME, name));
        } catch (NetlinkException e) {
            if (e.errno() != NetlinkException.NO_DEVICE) {
                throw e;
            }
        }
    }

    /** Adds a single address to the device, if it is not there. */
    public static void ensureAddress(String name, String address) throws IOException {
        byte[] header = ByteBuffer.allocate(8)
                .order(ByteOrder.nativeOrder())
                .put((byte) AF_INET)
                .put((byte) 32)
                .put((byte) 0)
                .put((byte) 0)
                .putInt(index(name))
                .array();
        NetlinkSocket.call(
                NetlinkSocket.ROUTE,
                new NetlinkRequest(
                                "adding address " + address + " to " + name,
                                NEW_ADDRESS,
                                NetlinkRequest.ACK | NetlinkRequest.CREATE | NetlinkRequest.REPLACE)
                        .header(header)
                        .attribute(IFA_LOCAL, Routes.bytes(address))
                        .attribute(IFA_ADDRESS, Routes.bytes(address)));
    }

    static int index(String name) throws IOException {
        List<NetlinkReply> found = NetlinkSocket.call(
                NetlinkSocket.ROUTE,
                new NetlinkRequest("finding device " + name, GET_LINK, NetlinkRequest.ACK)
                        .header(interfaceHeader(0, 0))
                        .attribute(IFLA_NAME, name));
        return found.getFirst().intAt(4);
    }

    private static byte[] interfaceHeader(int index, int flags) {
        return ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .putInt(0)
                .putInt(index)
                .putInt(flags)
                .putInt(flags)
                .array();
    }
}
