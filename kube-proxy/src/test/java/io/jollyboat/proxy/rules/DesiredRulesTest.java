package io.jollyboat.proxy.rules;

import static io.jollyboat.proxy.rules.ApiObjects.draining;
import static io.jollyboat.proxy.rules.ApiObjects.port;
import static io.jollyboat.proxy.rules.ApiObjects.ready;
import static io.jollyboat.proxy.rules.ApiObjects.service;
import static io.jollyboat.proxy.rules.ApiObjects.slice;
import static io.jollyboat.proxy.rules.ApiObjects.unready;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.LoadBalancerIngress;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServiceSpec;
import io.jollyboat.api.discovery.v1.Endpoint;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.api.discovery.v1.ForNode;
import io.jollyboat.api.discovery.v1.ForZone;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.proxy.rules.Frontend.Action;
import io.jollyboat.proxy.rules.Frontend.Kind;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DesiredRulesTest {
    private static final String VIP = "10.96.7.7";
    private static final NodeView NODE = new NodeView("n1", "z1", List.of("10.90.0.1"), "10.96.0.10");

    private static PortRules only(Service service, EndpointSlice... slices) {
        ServiceRules rules = DesiredRules.ofService(service, List.of(slices), NODE);
        assertThat(rules.ports()).hasSize(1);
        return rules.ports().getFirst();
    }

    private static Action action(PortRules rules, Kind kind) {
        return rules.frontends().stream()
                .filter(f -> f.kind() == kind)
                .findFirst()
                .orElseThrow()
                .action();
    }

    static Stream<Arguments> policies() {
        UnaryOperator<ServiceSpec.Builder> plain = s -> s;
        UnaryOperator<ServiceSpec.Builder> internalLocal = s -> s.setInternalTrafficPolicy("Local");
        UnaryOperator<ServiceSpec.Builder> externalLocal = s -> s.setExternalTrafficPolicy("Local");
        Endpoint.Builder here = ready("10.200.1.1", "n1");
        Endpoint.Builder there = ready("10.200.2.1", "n2");
        Endpoint.Builder leavingHere = draining("10.200.1.2", "n1");
        Endpoint.Builder leavingThere = draining("10.200.2.2", "n2");
        Endpoint.Builder startingHere = unready("10.200.1.3", "n1");
        return Stream.of(
                // name, spec, endpoints, ClusterIP action, NodePort action, all targets, local targets
                Arguments.of("none", plain, List.of(), Action.REJECT, Action.REJECT, "", ""),
                Arguments.of("unready", plain, List.of(startingHere), Action.REJECT, Action.REJECT, "", ""),
                Arguments.of(
                        "ready",
                        plain,
                        List.of(here, there, leavingHere, startingHere),
                        Action.CLUSTER,
                        Action.EXTERNAL_CLUSTER,
                        "10.200.1.1 10.200.2.1",
                        ""),
                Arguments.of(
                        "all draining",
                        plain,
                        List.of(leavingHere, leavingThere),
                        Action.CLUSTER,
                        Action.EXTERNAL_CLUSTER,
                        "10.200.1.2 10.200.2.2",
                        ""),
                Arguments.of(
                        "internal local",
                        internalLocal,
                        List.of(here, there),
                        Action.LOCAL,
                        Action.EXTERNAL_CLUSTER,
                        "10.200.1.1 10.200.2.1",
                        "10.200.1.1"),
                Arguments.of(
                        "internal local, none here",
                        internalLocal,
                        List.of(there),
                        Action.DROP,
                        Action.EXTERNAL_CLUSTER,
                        "10.200.2.1",
                        ""),
                Arguments.of(
                        "internal local, draining here",
                        internalLocal,
                        List.of(there, leavingHere),
                        Action.LOCAL,
                        Action.EXTERNAL_CLUSTER,
                        "10.200.2.1",
                        "10.200.1.2"),
                Arguments.of(
                        "internal local, none at all", internalLocal, List.of(), Action.REJECT, Action.REJECT, "", ""),
                Arguments.of(
                        "external local",
                        externalLocal,
                        List.of(here, there),
                        Action.CLUSTER,
                        Action.EXTERNAL_LOCAL,
                        "10.200.1.1 10.200.2.1",
                        "10.200.1.1"),
                Arguments.of(
                        "external local, none here",
                        externalLocal,
                        List.of(there),
                        Action.CLUSTER,
                        Action.EXTERNAL_LOCAL,
                        "10.200.2.1",
                        ""),
                Arguments.of(
                        "external local, draining here",
                        externalLocal,
                        List.of(there, leavingHere),
                        Action.CLUSTER,
                        Action.EXTERNAL_LOCAL,
                        "10.200.2.1",
                        "10.200.1.2"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("policies")
    void trafficPolicies(
            String name,
            UnaryOperator<ServiceSpec.Builder> spec,
            List<Endpoint.Builder> endpoints,
            Action clusterIp,
            Action nodePort,
            String cluster,
            String local) {
        Service service = service(
                "web",
                VIP,
                s -> spec.apply(s.setType("NodePort")
                        .setPorts(0, port("http", "TCP", 80).setNodePort(30080))));
        PortRules rules = only(service, slice("web", endpoints.toArray(Endpoint.Builder[]::new)));
        assertThat(action(rules, Kind.CLUSTER_IP)).isEqualTo(clusterIp);
        assertThat(action(rules, Kind.NODE_PORT)).isEqualTo(nodePort);
        assertThat(ips(rules.clusterTargets())).isEqualTo(cluster);
        assertThat(ips(rules.localTargets())).isEqualTo(local);
    }

    private static String ips(List<Target> targets) {
        return String.join(" ", targets.stream().map(Target::ip).toList());
    }

    @Test
    void servicesThatNeedNoRules() {
        EndpointSlice slice = slice("web", ready("10.200.1.1", "n1"));
        Service labelled = service("web", VIP).toBuilder()
                .setMetadata(service("web", VIP).getMetadata().toBuilder()
                        .putLabels("service.kubernetes.io/service-proxy-name", "other"))
                .build();
        for (Service service : List.of(
                service("web", "None"),
                service("web", "", s -> s.clearClusterIPs()),
                service(
                        "web",
                        "",
                        s -> s.clearClusterIPs().setType("ExternalName").setExternalName("x.org")),
                service("web", "fd00::1"),
                labelled)) {
            assertThat(DesiredRules.ofService(service, List.of(slice), NODE)).isEqualTo(ServiceRules.NONE);
        }
        assertThat(DesiredRules.desiredRules(List.of(service("web", "None")), List.of(slice), NODE)
                        .services())
                .isEmpty();
    }

    @Test
    void allAddressesOfABalancedService() {
        Service.Builder service = service(
                "web",
                VIP,
                s -> s.setType("LoadBalancer")
                        .addExternalIPs("192.0.2.1")
                        .addExternalIPs("2001:db8::1")
                        .addAllLoadBalancerSourceRanges(List.of("10.0.0.0/8", "10.1.0.0/16", "junk"))
                        .setPorts(0, port("http", "TCP", 80).setNodePort(30080)))
                .toBuilder();
        service.getStatusBuilder()
                .getLoadBalancerBuilder()
                .addIngress(LoadBalancerIngress.newBuilder().setIp("192.0.2.2").setIpMode("VIP"))
                .addIngress(LoadBalancerIngress.newBuilder().setIp("192.0.2.3").setIpMode("Proxy"))
                .addIngress(LoadBalancerIngress.newBuilder().setHostname("lb.example.com"));
        PortRules rules = only(service.build(), slice("web", ready("10.200.1.1", "n1")));
        assertThat(rules.frontends())
                .containsExactly(
                        new Frontend(VIP, 80, Kind.CLUSTER_IP, Action.CLUSTER, List.of()),
                        new Frontend("192.0.2.1", 80, Kind.EXTERNAL_IP, Action.EXTERNAL_CLUSTER, List.of()),
                        new Frontend(
                                "192.0.2.2",
                                80,
                                Kind.LOAD_BALANCER,
                                Action.EXTERNAL_CLUSTER,
                                List.of("10.0.0.0/8", "255.255.255.255/32")),
                        new Frontend("10.90.0.1", 30080, Kind.NODE_PORT, Action.EXTERNAL_CLUSTER, List.of()));
    }

    @Test
    void portsAreMatchedByNameAndProtocol() {
        Service service = service(
                "web", VIP, s -> s.clearPorts().addPorts(port("dns", "UDP", 53)).addPorts(port("dns-tcp", "TCP", 53)));
        ServiceRules rules = DesiredRules.ofService(
                service,
                List.of(
                        slice("web", "dns", "UDP", 5353, ready("10.200.1.1", "n1")),
                        slice("web", "dns-tcp", "TCP", 5354, ready("10.200.1.1", "n1")),
                        slice("web", "dns", "TCP", 1, ready("10.200.1.9", "n1"))),
                NODE);
        assertThat(rules.ports()).extracting(PortRules::protocol).containsExactly(Protocol.UDP, Protocol.TCP);
        assertThat(rules.ports().get(0).clusterTargets()).containsExactly(new Target("10.200.1.1", 5353, true));
        assertThat(rules.ports().get(1).clusterTargets()).containsExactly(new Target("10.200.1.1", 5354, true));
    }

    @Test
    void theNodesOwnDnsIsNotSentAway() {
        Service dns = service(
                "kube-dns",
                "10.96.0.10",
                s -> s.clearPorts().addPorts(port("dns", "UDP", 53)).addPorts(port("metrics", "TCP", 9153)));
        ServiceRules rules = DesiredRules.ofService(dns, List.of(), NODE);
        assertThat(rules.ports().get(0).frontends()).isEmpty();
        assertThat(rules.ports().get(1).frontends()).hasSize(1);
    }

    @Test
    void hintsCountWhenAllEndpointsHaveThem() {
        Endpoint.Builder mine = hinted("10.200.1.1", "z1", "");
        Endpoint.Builder theirs = hinted("10.200.2.1", "z2", "");
        assertThat(ips(only(service("web", VIP), slice("web", mine, theirs)).clusterTargets()))
                .isEqualTo("10.200.1.1");
        assertThat(ips(only(service("web", VIP), slice("web", mine, theirs, ready("10.200.3.1", "n3")))
                        .clusterTargets()))
                .isEqualTo("10.200.1.1 10.200.2.1 10.200.3.1");
        assertThat(ips(only(service("web", VIP), slice("web", theirs)).clusterTargets()))
                .isEqualTo("10.200.2.1");
        Endpoint.Builder onNode = hinted("10.200.1.5", "z1", "n1");
        assertThat(ips(only(service("web", VIP), slice("web", onNode, hinted("10.200.1.6", "z1", "n2")))
                        .clusterTargets()))
                .isEqualTo("10.200.1.5");
    }

    private static Endpoint.Builder hinted(String ip, String zone, String node) {
        Endpoint.Builder endpoint = ready(ip, "n1");
        endpoint.getHintsBuilder().addForZones(ForZone.newBuilder().setName(zone));
        if (!node.isEmpty()) {
            endpoint.getHintsBuilder().addForNodes(ForNode.newBuilder().setName(node));
        }
        return endpoint;
    }

    @Test
    void affinityHasUpstreamsDefault() {
        Service service = service("web", VIP, s -> s.setSessionAffinity("ClientIP"));
        assertThat(only(service).affinitySeconds()).isEqualTo(10_800);
        assertThat(only(service("web", VIP)).affinitySeconds()).isZero();
    }

    @Test
    void balancersAreToldHowManyEndpointsAreHere() {
        Service service = service(
                "web",
                VIP,
                s -> s.setType("LoadBalancer").setExternalTrafficPolicy("Local").setHealthCheckNodePort(31000));
        ServiceRules rules = DesiredRules.ofService(
                service,
                List.of(slice(
                        "web",
                        ready("10.200.1.1", "n1"),
                        ready("10.200.1.2", "n1"),
                        draining("10.200.1.3", "n1"),
                        ready("10.200.2.1", "n2"))),
                NODE);
        assertThat(rules.healthCheckPort()).isEqualTo(31000);
        assertThat(rules.localReady()).isEqualTo(2);
    }

    @Test
    void anAddressInTwoSlicesCountsOnce() {
        EndpointSlice first = slice("web", draining("10.200.1.1", "n1"));
        EndpointSlice second = slice("web", ready("10.200.1.1", "n1"));
        assertThat(only(service("web", VIP), first, second).clusterTargets())
                .containsExactly(new Target("10.200.1.1", 8080, true));
    }

    @Test
    void slicesBelongToTheServiceTheyName() {
        RuleSet rules = DesiredRules.desiredRules(
                List.of(service("a", "10.96.0.1"), service("b", "10.96.0.2")),
                List.of(slice("a", ready("10.200.1.1", "n1"))),
                NODE);
        assertThat(action(
                        rules.services()
                                .get(ObjectKey.of("default", "a"))
                                .ports()
                                .getFirst(),
                        Kind.CLUSTER_IP))
                .isEqualTo(Action.CLUSTER);
        assertThat(action(
                        rules.services()
                                .get(ObjectKey.of("default", "b"))
                                .ports()
                                .getFirst(),
                        Kind.CLUSTER_IP))
                .isEqualTo(Action.REJECT);
    }
}
