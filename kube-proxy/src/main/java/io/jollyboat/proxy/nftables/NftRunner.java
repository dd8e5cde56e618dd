package io.jollyboat.proxy.nftables;

import java.io.IOException;

/** Runs nft commands, in the network namespace of this process. */
interface NftRunner extends AutoCloseable {
    /**
     * Runs the commands as one transaction.
     *
     * @return what they print
     * @throws IOException with nft's own words when the transaction was refused
     */
    String run(String commands) throws IOException;

    @Override
    void close();
}
