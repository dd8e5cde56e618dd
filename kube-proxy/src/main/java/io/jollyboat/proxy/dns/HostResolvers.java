package io.jollyboat.proxy.dns;

import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;

/** The name servers of a resolv.conf, read again when it changes: a laptop comes into other networks. */
public final class HostResolvers implements Upstreams {
    private static final Log LOG = Log.of(HostResolvers.class);
    private static final long LOOK_EVERY_NANOS = 2_000_000_000L;
    private static final int PORT = 53;

    private final Path file;
    private final String own;
    private final String loopbackRelay;
    private final Runtime runtime;
    private List<InetSocketAddress> named = List.of();
    private FileTime modified;
    private long lookedAtNanos;

    /**
     * @param own the server's own address, which must not be asked
     * @param loopbackRelay who is asked in place of servers on the loopback; empty: they are asked themselves
     */
    public HostResolvers(Path file, String own, String loopbackRelay, Runtime runtime) {
        this.file = file;
        this.own = own;
        this.loopbackRelay = loopbackRelay;
        this.runtime = runtime;
        this.lookedAtNanos = runtime.nanoTime();
        read();
    }

    @Override
    public synchronized List<InetSocketAddress> current() {
        if (runtime.nanoTime() - lookedAtNanos >= LOOK_EVERY_NANOS) {
            lookedAtNanos = runtime.nanoTime();
            read();
        }
        return named.stream().map(this::relayed).distinct().toList();
    }

    /** The loopback addresses among them, which a relay stands for. */
    public synchronized List<InetAddress> relayedAddresses() {
        return named.stream()
                .filter(this::isRelayed)
                .map(InetSocketAddress::getAddress)
                .distinct()
                .toList();
    }

    private boolean isRelayed(InetSocketAddress server) {
        return !loopbackRelay.isEmpty() && server.getAddress().isLoopbackAddress();
    }

    private InetSocketAddress relayed(InetSocketAddress server) {
        return isRelayed(server) ? new InetSocketAddress(InetAddress.ofLiteral(loopbackRelay), PORT) : server;
    }

    private void read() {
        try {
            FileTime now = Files.exists(file) ? Files.getLastModifiedTime(file) : null;
            if (now == null || !now.equals(modified)) {
                named = ResolvConf.nameServers(file, own);
                modified = now;
            }
        } catch (IOException e) {
            // The file may be in the middle of a change: the next look sees the rest.
            LOG.warn("the host's resolvers could not be read", "file", file, "reason", e.getMessage());
        }
    }
}
