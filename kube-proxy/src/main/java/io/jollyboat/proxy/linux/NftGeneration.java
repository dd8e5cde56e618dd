package io.jollyboat.proxy.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The number of the namespace's nftables rule set: each transaction, by whomever, makes it one higher. */
public final class NftGeneration {
    private static final int GET_GENERATION = 10 << 8 | 16;
    private static final int ID = 1;

    private NftGeneration() {}

    public static long current() throws IOException {
        NetlinkRequest request = new NetlinkRequest(
                        "reading the nftables generation", GET_GENERATION, NetlinkRequest.ACK)
                .header(new byte[4]);
        List<NetlinkReply> replies = NetlinkSocket.call(NetlinkSocket.NETFILTER, request);
        if (replies.isEmpty()) {
            throw new IOException("the kernel told no nftables generation");
        }
        ByteBuffer id = replies.getFirst().attributes(4).get(ID);
        return id.order(ByteOrder.BIG_ENDIAN).getInt(0) & 0xffff_ffffL;
    }
}
