package io.jollyboat.proxy.dns;

import java.net.InetSocketAddress;
import java.util.List;

/** Who answers what the cluster does not know, in order. Thread-safe; asked for each question, so it must be quick. */
public interface Upstreams {
    List<InetSocketAddress> current();

    static Upstreams fixed(List<InetSocketAddress> servers) {
        List<InetSocketAddress> copy = List.copyOf(servers);
        return () -> copy;
    }
}
