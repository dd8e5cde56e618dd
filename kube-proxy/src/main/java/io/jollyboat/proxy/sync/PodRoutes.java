package io.jollyboat.proxy.sync;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.NodeAddress;
import io.jollyboat.proxy.rules.Ipv4Cidr;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which ranges of pods are behind which nodes. Pure. */
final class PodRoutes {
    private PodRoutes() {}

    /** A node's part: the range of its pods and its address. */
    record Part(Ipv4Cidr range, String gateway) {}

    /** The routes a node needs to reach the pods of all others. */
    static Map<Ipv4Cidr, String> desired(Collection<Node> nodes, String self) {
        Map<Ipv4Cidr, String> routes = new HashMap<>();
        for (Node node : nodes) {
            if (!node.getMetadata().getName().equals(self)) {
                part(node).ifPresent(p -> routes.put(p.range(), p.gateway()));
            }
        }
        return routes;
    }

    /** Empty as long as the node has no range or no address of this family. */
    static Optional<Part> part(Node node) {
        String range = node.getSpec().getPodCIDRsList().stream()
                .filter(Ipv4Cidr::isCidr)
                .findFirst()
                .orElse(node.getSpec().getPodCIDR());
        return node.getStatus().getAddressesList().stream()
                .filter(a -> a.getType().equals("InternalIP"))
                .map(NodeAddress::getAddress)
                .filter(a -> Ipv4Cidr.isCidr(a + "/32"))
                .findFirst()
                .filter(a -> Ipv4Cidr.isCidr(range))
                .map(a -> new Part(Ipv4Cidr.parse(range), a));
    }
}
