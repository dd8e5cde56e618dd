package io.jollyboat.proxy;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.health.Health;
import io.jollyboat.health.HealthServer;
import io.jollyboat.informer.Informer;
import io.jollyboat.informer.Informers;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.process.StartException;
import io.jollyboat.proxy.dns.DnsConfig;
import io.jollyboat.proxy.dns.DnsServer;
import io.jollyboat.proxy.dns.HostResolvers;
import io.jollyboat.proxy.dns.InformerNames;
import io.jollyboat.proxy.dns.ResolvConf;
import io.jollyboat.proxy.dns.Upstreams;
import io.jollyboat.proxy.health.ProxyHealthServer;
import io.jollyboat.proxy.health.ServiceHealthServers;
import io.jollyboat.proxy.linux.NodeNetwork;
import io.jollyboat.proxy.rules.Ipv4Cidr;
import io.jollyboat.proxy.rules.NodeView;
import io.jollyboat.proxy.rules.RulesBackend;
import io.jollyboat.proxy.sync.SyncLoop;
import io.jollyboat.proxy.sync.SyncStatus;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Everything network on a node. The rules stay when it ends or loses the API server: connections go on, and the next
 * start takes the rules over.
 */
public final class KubeProxy implements AutoCloseable {
    private static final String AUTOSCALER_TAINT = "ToBeDeletedByClusterAutoscaler";
    private static final int DNS_PORT = 53;

    private final KubeProxyConfig config;
    private final Informers informers;
    private final RulesBackend backend;
    private final NodeNetwork network;
    private final Runtime runtime;
    private final Metrics metrics;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    /** @param informers of this proxy's identity; started here, closed by the caller */
    public KubeProxy(
            KubeProxyConfig config,
            Informers informers,
            RulesBackend backend,
            NodeNetwork network,
            Runtime runtime,
            Metrics metrics) {
        this.config = config;
        this.informers = informers;
        this.backend = backend;
        this.network = network;
        this.runtime = runtime;
        this.metrics = metrics;
    }

    /** Starts all parts; returns before the first rules are written. */
    public void start() throws IOException, StartException {
        Informer<Service> services = informers.of(Kinds.of(Service.class));
        Informer<EndpointSlice> slices = informers.of(Kinds.of(EndpointSlice.class));
        Informer<Node> nodes = informers.of(Kinds.of(Node.class));
        InformerNames names = new InformerNames(services, slices);
        SyncStatus status = new SyncStatus(metrics, runtime);
        try {
            network.prepare(config.serviceRanges(), config.nodeIp(), config.clusterDns());
            startDns(names);
            startHealth(status, names, nodes);
            ServiceHealthServers serviceHealth = closing(new ServiceHealthServers(status, runtime));
            SyncLoop loop = closing(new SyncLoop(
                    services,
                    slices,
                    key -> slices.byIndex(InformerNames.BY_SERVICE, key.toString()),
                    nodes,
                    view(),
                    backend,
                    network,
                    status,
                    serviceHealth::apply,
                    runtime));
            informers.start();
            loop.start();
        } catch (IOException | StartException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private NodeView view() {
        List<String> addresses =
                config.nodePortAddresses().isEmpty() ? List.of(config.nodeIp()) : config.nodePortAddresses();
        return new NodeView(config.nodeName(), "", addresses, config.clusterDns());
    }

    private void startDns(InformerNames names) throws IOException {
        if (config.clusterDns().isEmpty()) {
            return;
        }
        HostResolvers host =
                new HostResolvers(config.resolvConf(), config.clusterDns(), config.loopbackRelay(), runtime);
        Upstreams upstreams = config.upstreams().isEmpty()
                ? host
                : Upstreams.fixed(
                        config.upstreams().stream().map(ResolvConf::server).toList());
        List<Ipv4Cidr> ranges = new ArrayList<>(config.serviceRanges());
        ranges.add(Ipv4Cidr.parse(config.podCidr()));
        DnsConfig dns = new DnsConfig(
                config.clusterDomain().toLowerCase(Locale.ROOT),
                config.clusterDns(),
                new InetSocketAddress(InetAddress.ofLiteral(config.clusterDns()), DNS_PORT),
                host.relayedAddresses().stream()
                        .map(address -> new InetSocketAddress(address, DNS_PORT))
                        .toList(),
                ranges,
                upstreams);
        closing(new DnsServer(dns, names, runtime, metrics)).start();
    }

    private void startHealth(SyncStatus status, InformerNames names, Informer<Node> nodes)
            throws IOException, StartException {
        if (config.healthzPort() != 0) {
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.ofLiteral(config.healthzAddress()), config.healthzPort());
            listening(address, closing(new ProxyHealthServer(address, status, () -> eligible(nodes), runtime))::start);
        }
        if (config.metricsPort() != 0) {
            Health health = new Health();
            health.addLiveness("sync", Health.Check.that(status::healthy, "changes wait for more than a minute"));
            health.addReadiness("rules", Health.Check.that(status::everSynced, "no rules were written yet"));
            health.addReadiness("dns", Health.Check.that(names::ready, "the cluster's names are not known yet"));
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), config.metricsPort());
            listening(address, closing(new HealthServer(address, Optional.empty(), health, metrics, runtime))::start);
        }
    }

    private interface Listening {
        void start() throws IOException;
    }

    private static void listening(InetSocketAddress address, Listening server) throws StartException {
        try {
            server.start();
        } catch (IOException e) {
            throw new StartException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
    }

    /** A node that is about to go takes no new connections from load balancers. */
    private boolean eligible(Informer<Node> nodes) {
        Node node = nodes.get(ObjectKey.cluster(config.nodeName()));
        return node == null
                || (!node.getMetadata().hasDeletionTimestamp()
                        && node.getSpec().getTaintsList().stream()
                                .noneMatch(t -> t.getKey().equals(AUTOSCALER_TAINT)));
    }

    private <C extends AutoCloseable> C closing(C part) {
        running.push(part);
        return part;
    }

    @Override
    public void close() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("a part of the proxy did not close", e);
            }
        }
    }
}
