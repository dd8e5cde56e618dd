package io.jollyboat.proxy.sync;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.log.Log;
import io.jollyboat.proxy.linux.NodeNetwork;
import io.jollyboat.proxy.rules.DesiredRules;
import io.jollyboat.proxy.rules.Ipv4Cidr;
import io.jollyboat.proxy.rules.NodeView;
import io.jollyboat.proxy.rules.RuleSet;
import io.jollyboat.proxy.rules.RulesBackend;
import io.jollyboat.proxy.rules.ServiceRules;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Applies what the informers report to the node. */
public final class SyncLoop implements AutoCloseable {
    private static final Log LOG = Log.of(SyncLoop.class);
    private static final Duration VERIFY_EVERY = Duration.ofSeconds(10);
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration LAST_RETRY = Duration.ofSeconds(30);
    private static final String ZONE = "topology.kubernetes.io/zone";

    private final Informer<Service> services;
    private final Informer<Node> nodes;
    private final Function<ObjectKey, Collection<EndpointSlice>> slicesOf;
    private final Informer<EndpointSlice> slices;
    private final NodeView view;
    private final RulesBackend backend;
    private final NodeNetwork network;
    private final SyncStatus status;
    private final Runtime runtime;
    private final BiConsumer<ObjectKey, ServiceRules> applied;

    private final PendingChanges pending = new PendingChanges();
    /** The rules in force of the Services with UDP ports. */
    private final Map<ObjectKey, ServiceRules> udp = new HashMap<>();

    private Duration retry = FIRST_RETRY;

    /**
     * Registers with the informers.
     *
     * @param slicesOf a Service's slices
     * @param applied told of each Service whose rules are in force
     */
    public SyncLoop(
            Informer<Service> services,
            Informer<EndpointSlice> slices,
            Function<ObjectKey, Collection<EndpointSlice>> slicesOf,
            Informer<Node> nodes,
            NodeView view,
            RulesBackend backend,
            NodeNetwork network,
            SyncStatus status,
            BiConsumer<ObjectKey, ServiceRules> applied,
            Runtime runtime) {
        this.services = services;
        this.slices = slices;
        this.slicesOf = slicesOf;
        this.nodes = nodes;
        this.view = view;
        this.backend = backend;
        this.network = network;
        this.status = status;
        this.applied = applied;
        this.runtime = runtime;
        services.addHandler((before, after) -> changed(services.type().key(after == null ? before : after)));
        slices.addHandler(this::sliceChanged);
        nodes.addHandler(this::nodeChanged);
    }

    /** Begins; the first rules are written when the informers have everything. */
    public void start() {
        runtime.start("proxy-sync", this::run);
        scheduleVerification();
    }

    private void scheduleVerification() {
        runtime.schedule(VERIFY_EVERY, () -> {
            pending.verify();
            scheduleVerification();
        });
    }

    private void changed(ObjectKey service) {
        status.queued();
        pending.service(service);
    }

    private void sliceChanged(EndpointSlice before, EndpointSlice after) {
        if (after != null) {
            changed(DesiredRules.serviceOf(after));
        }
        if (before != null
                && (after == null || !DesiredRules.serviceOf(before).equals(DesiredRules.serviceOf(after)))) {
            changed(DesiredRules.serviceOf(before));
        }
    }

    private void nodeChanged(Node before, Node after) {
        Node some = after == null ? before : after;
        if (some.getMetadata().getName().equals(view.name())) {
            if (!Objects.equals(zone(before), zone(after))) {
                pending.everything();
            }
        } else if (before == null || after == null || !PodRoutes.part(before).equals(PodRoutes.part(after))) {
            pending.routes();
        }
    }

    private static String zone(Node node) {
        return node == null ? "" : node.getMetadata().getLabelsOrDefault(ZONE, "");
    }

    private void run() {
        try {
            services.awaitSync();
            slices.awaitSync();
            pending.everything();
            while (true) {
                PendingChanges.Round round = pending.take();
                if (round == null) {
                    return;
                }
                round(round);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void round(PendingChanges.Round round) throws InterruptedException {
        try {
            long begin = runtime.nanoTime();
            if (round.everything() || (round.verify() && disturbed())) {
                replace();
                status.synced(begin, true);
            } else if (!round.services().isEmpty()) {
                update(round.services());
                status.synced(begin, false);
            }
            if ((round.routes() || round.verify()) && nodes.hasSynced()) {
                route();
            }
            retry = FIRST_RETRY;
        } catch (IOException | RuntimeException e) {
            LOG.error("the node's network could not be brought up to date", e, "retry", retry);
            status.failed();
            runtime.sleep(retry);
            retry = retry.multipliedBy(2).compareTo(LAST_RETRY) < 0 ? retry.multipliedBy(2) : LAST_RETRY;
            pending.everything();
            pending.routes();
        }
    }

    private boolean disturbed() throws IOException {
        boolean disturbed = backend.disturbed();
        if (disturbed) {
            LOG.debug("something else changed packet rules, all are written again");
        }
        return disturbed;
    }

    private void replace() throws IOException {
        RuleSet rules = DesiredRules.desiredRules(services.list(), slices.list(), currentView());
        StaleFlows stale = new StaleFlows();
        Map<ObjectKey, ServiceRules> before = Map.copyOf(udp);
        backend.replace(rules);
        before.keySet().stream()
                .filter(key -> !rules.services().containsKey(key))
                .forEach(key -> remember(key, ServiceRules.NONE, stale));
        rules.services().forEach((key, after) -> remember(key, after, stale));
        forget(stale);
    }

    private void update(Collection<ObjectKey> keys) throws IOException {
        NodeView current = currentView();
        Map<ObjectKey, ServiceRules> changes = new HashMap<>();
        for (ObjectKey key : keys) {
            Service service = services.get(key);
            changes.put(
                    key,
                    service == null
                            ? ServiceRules.NONE
                            : DesiredRules.ofService(service, List.copyOf(slicesOf.apply(key)), current));
        }
        backend.update(changes);
        StaleFlows stale = new StaleFlows();
        changes.forEach((key, after) -> remember(key, after, stale));
        forget(stale);
    }

    private void remember(ObjectKey key, ServiceRules after, StaleFlows stale) {
        ServiceRules before = udp.getOrDefault(key, ServiceRules.NONE);
        if (StaleFlows.usesUdp(before) || StaleFlows.usesUdp(after)) {
            stale.add(before, after);
        }
        if (StaleFlows.usesUdp(after)) {
            udp.put(key, after);
        } else {
            udp.remove(key);
        }
        applied.accept(key, after);
    }

    private void forget(StaleFlows stale) throws IOException {
        if (stale.possible()) {
            int forgotten = network.forgetUdp(stale);
            LOG.debug("UDP conversations ended", "count", forgotten);
        }
    }

    /** The zone may be learnt later than the rest. */
    private NodeView currentView() {
        Node self = nodes.get(ObjectKey.cluster(view.name()));
        return new NodeView(view.name(), zone(self), view.nodePortAddresses(), view.dnsAddress());
    }

    private void route() throws IOException {
        Map<Ipv4Cidr, String> desired = PodRoutes.desired(nodes.list(), view.name());
        Map<Ipv4Cidr, String> present = network.podRoutes();
        IOException failure = null;
        for (Map.Entry<Ipv4Cidr, String> route : desired.entrySet()) {
            if (!route.getValue().equals(present.get(route.getKey()))) {
                try {
                    network.addPodRoute(route.getKey(), route.getValue());
                    LOG.info("pods of a node are reachable", "range", route.getKey(), "gateway", route.getValue());
                } catch (IOException e) {
                    failure = e; // the other nodes' pods all the same
                }
            }
        }
        for (Ipv4Cidr range : present.keySet()) {
            if (!desired.containsKey(range)) {
                network.removePodRoute(range);
                LOG.info("a node is gone, so is the route to its pods", "range", range);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() {
        pending.close();
    }
}
