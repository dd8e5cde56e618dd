package io.jollyboat.proxy.nftables;

import static io.jollyboat.proxy.rules.ApiObjects.draining;
import static io.jollyboat.proxy.rules.ApiObjects.port;
import static io.jollyboat.proxy.rules.ApiObjects.ready;
import static io.jollyboat.proxy.rules.ApiObjects.service;
import static io.jollyboat.proxy.rules.ApiObjects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.ClientIPConfig;
import io.jollyboat.api.core.v1.LoadBalancerIngress;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.SessionAffinityConfig;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.proxy.linux.Links;
import io.jollyboat.proxy.linux.Routes;
import io.jollyboat.proxy.netns.Host;
import io.jollyboat.proxy.netns.NetNamespace;
import io.jollyboat.proxy.netns.TestNetwork;
import io.jollyboat.proxy.rules.DesiredRules;
import io.jollyboat.proxy.rules.Ipv4Cidr;
import io.jollyboat.proxy.rules.NodeView;
import io.jollyboat.proxy.rules.RuleSet;
import io.jollyboat.proxy.rules.ServiceRules;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules in the kernel, seen by the traffic they steer between two nodes, their pods and a machine outside. */
class NftablesBackendTest {
    private static final ObjectKey WEB = ObjectKey.of("default", "web");
    private static final String VIP = "10.96.7.7";

    private TestNetwork network;
    private Host node1;
    private Host node2;
    private Host pod11;
    private Host pod12;
    private Host outside;
    private NftablesBackend backend1;

    @BeforeEach
    void build() {
        NetNamespace.assume();
        network = new TestNetwork();
        node1 = network.node(1);
        node2 = network.node(2);
        pod11 = network.pod(node1, 1, 11).serve(8080).serveUdp(8053);
        pod12 = network.pod(node1, 1, 12).serve(8080).serveUdp(8053);
        network.pod(node2, 2, 21).serve(8080).serveUdp(8053);
        outside = network.outsider("outside", "10.90.0.99");
        node1.namespace().sh("ip route add 10.200.2.0/24 via 10.90.0.2");
        node2.namespace().sh("ip route add 10.200.1.0/24 via 10.90.0.1");
        outside.namespace().sh("ip route add 10.96.0.0/16 via 10.90.0.1; ip route add 203.0.113.0/24 via 10.90.0.1");
        backend1 = node1.namespace().in(() -> {
            Links.ensureBridge("services");
            Routes.toDevice(Ipv4Cidr.parse("10.96.0.0/16"), "services", "10.90.0.1");
            return NftablesBackend.open(config());
        });
    }

    @AfterEach
    void clear() {
        if (network != null) {
            node1.namespace().in(() -> {
                backend1.close();
                return null;
            });
            network.close();
        }
    }

    private static NftablesConfig config() {
        return new NftablesConfig("jollyboat-test", "10.200.0.0/16", List.of("10.96.0.0/16"), "10.90.0.1", true);
    }

    private static NodeView view() {
        return new NodeView("node1", "", List.of("10.90.0.1"), "");
    }

    private void replace(Service service, EndpointSlice... slices) {
        RuleSet rules = DesiredRules.desiredRules(List.of(service), List.of(slices), view());
        node1.namespace().in(() -> {
            backend1.replace(rules);
            return null;
        });
    }

    private void update(ObjectKey key, ServiceRules rules) {
        node1.namespace().in(() -> {
            backend1.update(Map.of(key, rules));
            return null;
        });
    }

    private void update(Service service, EndpointSlice... slices) {
        update(WEB, DesiredRules.ofService(service, List.of(slices), view()));
    }

    private static Set<String> answers(Host from, String ip, int port, int times) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < times; i++) {
            seen.add(from.who(ip, port));
        }
        return seen;
    }

    @Test
    void clusterIpReachesEveryEndpointFromPodsNodesAndItself() {
        replace(service("web", VIP), slice("web", ready("10.200.1.11", "node1"), ready("10.200.2.21", "node2")));

        assertThat(answers(pod12, VIP, 80, 40)).containsExactlyInAnyOrder("pod1-11", "pod2-21");
        assertThat(answers(node1, VIP, 80, 40)).containsExactlyInAnyOrder("pod1-11", "pod2-21");
        // Hairpin: the pod comes back to itself through the node.
        assertThat(answers(pod11, VIP, 80, 40)).containsExactlyInAnyOrder("pod1-11", "pod2-21");
        assertThat(answers(outside, VIP, 80, 40)).containsExactlyInAnyOrder("pod1-11", "pod2-21");
    }

    @Test
    void podsKeepTheirAddressTowardsPodsAndOthersAreMasqueraded() {
        replace(service("web", VIP), slice("web", ready("10.200.2.21", "node2")));

        assertThat(pod11.get(VIP, 80)).isEqualTo("pod2-21 10.200.1.11");
        assertThat(outside.get(VIP, 80)).isEqualTo("pod2-21 10.90.0.1");
        outside.serve(9000);
        assertThat(pod11.get("10.90.0.99", 9000)).isEqualTo("outside 10.90.0.1");
    }

    @Test
    void nodePortExternalAddressAndBalancerAddressAreMasqueradedToAnyEndpoint() {
        Service service = service(
                "web",
                VIP,
                s -> s.setType("LoadBalancer")
                        .setExternalTrafficPolicy("Cluster")
                        .addExternalIPs("203.0.113.5")
                        .setPorts(0, port("http", "TCP", 80).setNodePort(30080)));
        service = withBalancer(service, "203.0.113.9");
        replace(service, slice("web", ready("10.200.2.21", "node2")));

        assertThat(outside.get("10.90.0.1", 30080)).isEqualTo("pod2-21 10.90.0.1");
        assertThat(outside.get("203.0.113.5", 80)).isEqualTo("pod2-21 10.90.0.1");
        assertThat(outside.get("203.0.113.9", 80)).isEqualTo("pod2-21 10.90.0.1");
        assertThat(node1.get("10.90.0.1", 30080)).startsWith("pod2-21");
        assertThat(pod11.get("10.90.0.1", 30080)).startsWith("pod2-21");
        assertThat(outside.get("10.90.0.1", 30081)).isEqualTo("refused");
    }

    private static Service withBalancer(Service service, String ip) {
        Service.Builder builder = service.toBuilder();
        builder.getStatusBuilder()
                .getLoadBalancerBuilder()
                .addIngress(LoadBalancerIngress.newBuilder().setIp(ip));
        return builder.build();
    }

    @Test
    void externalPolicyLocalKeepsTheSourceAndStaysOnTheNode() {
        Service service = service(
                "web",
                VIP,
                s -> s.setType("NodePort")
                        .setExternalTrafficPolicy("Local")
                        .setPorts(0, port("http", "TCP", 80).setNodePort(30080)));
        replace(service, slice("web", ready("10.200.1.11", "node1"), ready("10.200.2.21", "node2")));

        for (int i = 0; i < 20; i++) {
            assertThat(outside.get("10.90.0.1", 30080)).isEqualTo("pod1-11 10.90.0.99");
        }
        // Pods and the node itself may use any endpoint.
        assertThat(answers(pod12, "10.90.0.1", 30080, 40)).containsExactlyInAnyOrder("pod1-11", "pod2-21");
        assertThat(answers(node1, "10.90.0.1", 30080, 40)).containsExactlyInAnyOrder("pod1-11", "pod2-21");

        update(service, slice("web", ready("10.200.2.21", "node2")));
        assertThat(outside.get("10.90.0.1", 30080)).isEqualTo("timeout");
        assertThat(node1.who("10.90.0.1", 30080)).isEqualTo("pod2-21");

        update(service, slice("web", draining("10.200.1.12", "node1"), ready("10.200.2.21", "node2")));
        assertThat(outside.get("10.90.0.1", 30080)).isEqualTo("pod1-12 10.90.0.99");
    }

    @Test
    void internalPolicyLocalStaysOnTheNodeOrDrops() {
        Service service = service("web", VIP, s -> s.setInternalTrafficPolicy("Local"));
        replace(service, slice("web", ready("10.200.1.11", "node1"), ready("10.200.2.21", "node2")));
        assertThat(answers(pod12, VIP, 80, 20)).containsExactly("pod1-11");

        update(service, slice("web", ready("10.200.2.21", "node2")));
        assertThat(pod12.get(VIP, 80)).isEqualTo("timeout");
    }

    @Test
    void withoutEndpointsOrServiceItIsRefusedAtOnce() {
        Service service = service(
                "web",
                VIP,
                s -> s.setType("NodePort").setPorts(0, port("http", "TCP", 80).setNodePort(30080)));
        replace(service);

        for (Host from : List.of(pod11, node1, outside)) {
            assertThat(from.get(VIP, 80)).isEqualTo("refused");
            assertThat(from.get("10.90.0.1", 30080)).isEqualTo("refused");
            assertThat(from.get("10.96.200.200", 80)).isEqualTo("refused");
        }
        update(service, slice("web", ready("10.200.1.11", "node1")));
        assertThat(pod12.who(VIP, 80)).isEqualTo("pod1-11");
        assertThat(pod12.get(VIP, 81)).isEqualTo("refused");
        update(WEB, ServiceRules.NONE);
        assertThat(pod12.get(VIP, 80)).isEqualTo("refused");
    }

    @Test
    void aClientStaysWithItsEndpointUntilThatIsGone() {
        Service service = service(
                "web",
                VIP,
                s -> s.setSessionAffinity("ClientIP")
                        .setSessionAffinityConfig(SessionAffinityConfig.newBuilder()
                                .setClientIP(ClientIPConfig.newBuilder().setTimeoutSeconds(60)))
                        .setType("NodePort")
                        .setPorts(0, port("http", "TCP", 80).setNodePort(30080)));
        EndpointSlice all = slice(
                "web", ready("10.200.1.11", "node1"), ready("10.200.1.12", "node1"), ready("10.200.2.21", "node2"));
        replace(service, all);

        Set<String> first = answers(pod12, VIP, 80, 15);
        assertThat(first).hasSize(1);
        assertThat(answers(outside, "10.90.0.1", 30080, 15)).hasSize(1);
        // A new full sync forgets no client.
        replace(service, all);
        assertThat(answers(pod12, VIP, 80, 15)).isEqualTo(first);

        String gone = first.iterator().next();
        EndpointSlice rest = all.toBuilder()
                .clearEndpoints()
                .addAllEndpoints(all.getEndpointsList().stream()
                        .filter(e -> !e.getAddresses(0).endsWith("." + gone.substring(gone.indexOf('-') + 1)))
                        .toList())
                .build();
        assertThat(rest.getEndpointsCount()).isEqualTo(2);
        update(service, rest);
        assertThat(answers(pod12, VIP, 80, 15)).hasSize(1).doesNotContain(gone);
    }

    @Test
    void balancerSourceRangesKeepOthersOut() {
        Service service = service(
                "web",
                VIP,
                s -> s.setType("LoadBalancer")
                        .addAllLoadBalancerSourceRanges(List.of("10.91.0.0/16", "10.0.0.0/16", "10.0.7.0/24")));
        service = withBalancer(service, "203.0.113.9");
        EndpointSlice slice = slice("web", ready("10.200.1.11", "node1"));
        replace(service, slice);
        assertThat(outside.get("203.0.113.9", 80)).isEqualTo("timeout");

        Service.Builder open = service.toBuilder();
        open.getSpecBuilder().addLoadBalancerSourceRanges("10.90.0.0/24");
        update(open.build(), slice);
        assertThat(outside.who("203.0.113.9", 80)).isEqualTo("pod1-11");
    }

    @Test
    void twoServicesWithOneExternalAddressTakeTurns() {
        Service first = service("a", "10.96.7.1", s -> s.addExternalIPs("203.0.113.5"));
        Service second = service("b", "10.96.7.2", s -> s.addExternalIPs("203.0.113.5"));
        ServiceRules one = DesiredRules.ofService(first, List.of(slice("a", ready("10.200.1.11", "node1"))), view());
        ServiceRules two = DesiredRules.ofService(second, List.of(slice("b", ready("10.200.1.12", "node1"))), view());
        node1.namespace().in(() -> {
            backend1.replace(new RuleSet(Map.of(ObjectKey.of("default", "a"), one)));
            return null;
        });
        update(ObjectKey.of("default", "b"), two);
        assertThat(answers(outside, "203.0.113.5", 80, 10)).containsExactly("pod1-11");
        update(ObjectKey.of("default", "a"), ServiceRules.NONE);
        assertThat(answers(outside, "203.0.113.5", 80, 10)).containsExactly("pod1-12");
        assertThat(outside.who("10.96.7.2", 80)).isEqualTo("pod1-12");
    }

    @Test
    void udpIsBalanced() {
        Service service = service("web", VIP, s -> s.setPorts(0, port("dns", "UDP", 53)));
        replace(service, slice("web", "dns", "UDP", 8053, ready("10.200.1.11", "node1")));
        try (Host.UdpClient client = pod12.udp(VIP, 53)) {
            assertThat(client.ask()).isEqualTo("pod1-11 10.200.1.12");
        }
    }

    @Test
    void udpClientsStayToo() {
        Service service =
                service("web", VIP, s -> s.setSessionAffinity("ClientIP").setPorts(0, port("dns", "UDP", 53)));
        replace(
                service,
                slice("web", "dns", "UDP", 8053, ready("10.200.1.11", "node1"), ready("10.200.1.12", "node1")));
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            try (Host.UdpClient client = outside.udp(VIP, 53)) {
                seen.add(client.ask());
            }
        }
        assertThat(seen).hasSize(1).doesNotContain("timeout");
    }

    @Test
    void someoneElsesChangeIsNoticedAndMended() {
        Service service = service("web", VIP);
        EndpointSlice slice = slice("web", ready("10.200.1.11", "node1"));
        replace(service, slice);
        assertThat(disturbed()).isFalse();

        node1.namespace().sh("nft delete table ip jollyboat-test");
        assertThat(disturbed()).isTrue();
        replace(service, slice);
        assertThat(disturbed()).isFalse();
        assertThat(pod12.who(VIP, 80)).isEqualTo("pod1-11");
    }

    private boolean disturbed() {
        return node1.namespace().in(backend1::disturbed);
    }

    @Test
    void aTableOfAnotherShapeIsMadeAnew() {
        node1.namespace()
                .sh("nft 'add table ip jollyboat-test; add map ip jollyboat-test services { type mark : mark; }'");
        replace(service("web", VIP), slice("web", ready("10.200.1.11", "node1")));
        assertThat(pod12.who(VIP, 80)).isEqualTo("pod1-11");
    }

    @Test
    void removeLeavesNothing() {
        replace(service("web", VIP), slice("web", ready("10.200.1.11", "node1")));
        node1.namespace().in(() -> {
            backend1.remove();
            return null;
        });
        assertThat(node1.namespace().sh("nft list ruleset")).isEmpty();
    }

    @Test
    void theCommandDoesWhatTheLibraryDoes() {
        node1.namespace().in(() -> {
            NftablesBackend command = new NftablesBackend(new NftCommand(), config());
            command.replace(DesiredRules.desiredRules(
                    List.of(service("web", VIP)), List.of(slice("web", ready("10.200.1.11", "node1"))), view()));
            assertThat(command.disturbed()).isFalse();
            return null;
        });
        assertThat(pod12.who(VIP, 80)).isEqualTo("pod1-11");
    }
}
