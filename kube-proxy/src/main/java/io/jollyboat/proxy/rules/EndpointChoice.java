package io.jollyboat.proxy.rules;

import java.util.List;
import java.util.function.Predicate;

/**
 * The endpoints a Service port uses under each traffic policy. Ready endpoints come first; when there is none, those
 * that terminate but still serve take the connections.
 *
 * @param any whether some endpoint could be used, here or elsewhere
 */
record EndpointChoice(List<Target> cluster, List<Target> local, boolean any) {
    static EndpointChoice of(List<ServiceEndpoint> endpoints, boolean usesCluster, boolean usesLocal, NodeView node) {
        List<Target> cluster = List.of();
        List<Target> local = List.of();
        boolean any = false;
        if (usesCluster) {
            Predicate<ServiceEndpoint> near = nearness(endpoints, node);
            cluster = targets(endpoints, e -> e.ready() && near.test(e));
            if (cluster.isEmpty()) {
                cluster = targets(endpoints, ServiceEndpoint::draining);
            }
            any = !cluster.isEmpty();
        }
        if (usesLocal) {
            any |= endpoints.stream().anyMatch(e -> e.ready() || e.draining());
            local = targets(endpoints, e -> e.target().local() && e.ready());
            if (local.isEmpty()) {
                local = targets(endpoints, e -> e.target().local() && e.draining());
            }
        }
        return new EndpointChoice(cluster, local, any);
    }

    /** Hints count only when every ready endpoint has them and at least one is meant for this node or zone. */
    private static Predicate<ServiceEndpoint> nearness(List<ServiceEndpoint> endpoints, NodeView node) {
        List<ServiceEndpoint> ready =
                endpoints.stream().filter(ServiceEndpoint::ready).toList();
        Predicate<ServiceEndpoint> forNode = e -> e.nodes().contains(node.name());
        Predicate<ServiceEndpoint> forZone = e -> e.zones().contains(node.zone());
        if (ready.stream().noneMatch(e -> e.nodes().isEmpty()) && ready.stream().anyMatch(forNode)) {
            return forNode;
        }
        if (ready.stream().noneMatch(e -> e.zones().isEmpty()) && ready.stream().anyMatch(forZone)) {
            return forZone;
        }
        return e -> true;
    }

    private static List<Target> targets(List<ServiceEndpoint> endpoints, Predicate<ServiceEndpoint> wanted) {
        return endpoints.stream().filter(wanted).map(ServiceEndpoint::target).toList();
    }
}
