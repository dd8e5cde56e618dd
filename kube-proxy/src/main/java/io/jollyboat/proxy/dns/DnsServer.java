package io.jollyboat.proxy.dns;

import io.jollyboat.log.Log;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import io.prometheus.metrics.core.metrics.Counter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Answers DNS over UDP and TCP on one address, and on others if it can. */
public final class DnsServer implements AutoCloseable {
    private static final Log LOG = Log.of(DnsServer.class);

    private final DnsListener main;
    private final List<DnsListener> others = new ArrayList<>();

    public DnsServer(DnsConfig config, InformerNames names, Runtime runtime, Metrics metrics) {
        this(config, (ClusterNames) names, runtime, metrics);
    }

    DnsServer(DnsConfig config, ClusterNames names, Runtime runtime, Metrics metrics) {
        Counter queries = metrics.counter("jollyboat_dns_queries_total", "DNS questions by transport.", "transport");
        DnsResolver resolver = new DnsResolver(
                new ClusterZone(names, config, runtime.random()),
                new DnsForwarder(config.upstreams(), new DnsCache(runtime), runtime));
        this.main = new DnsListener(config.listen(), resolver, runtime, queries);
        for (InetSocketAddress address : config.alsoListen()) {
            others.add(new DnsListener(address, resolver, runtime, queries));
        }
    }

    /** Listens; IOException when the main address cannot be had. */
    public void start() throws IOException {
        main.start();
        for (DnsListener other : others) {
            try {
                other.start();
            } catch (IOException e) {
                LOG.warn("the host's own programs cannot resolve names", "reason", e.getMessage());
            }
        }
    }

    /** Where it listens, with the real port. */
    public InetSocketAddress address() {
        return main.address();
    }

    @Override
    public void close() {
        others.forEach(DnsListener::close);
        main.close();
    }
}
