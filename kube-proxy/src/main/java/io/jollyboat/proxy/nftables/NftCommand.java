package io.jollyboat.proxy.nftables;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Runs {@code nft -f -}, where the library is not installed. */
final class NftCommand implements NftRunner {
    @Override
    public String run(String commands) throws IOException {
        // Both streams in one: nft prints either a listing or errors.
        Process process = new ProcessBuilder("nft", "-t", "-f", "-")
                .redirectErrorStream(true)
                .start();
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(commands.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("nft refused the transaction: " + output.strip());
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while nft was running", e);
        }
        return output;
    }

    @Override
    public void close() {}
}
