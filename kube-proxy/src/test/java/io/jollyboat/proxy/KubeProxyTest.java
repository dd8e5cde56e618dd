package io.jollyboat.proxy;

import static io.jollyboat.proxy.rules.ApiObjects.port;
import static io.jollyboat.proxy.rules.ApiObjects.ready;
import static io.jollyboat.proxy.rules.ApiObjects.service;
import static io.jollyboat.proxy.rules.ApiObjects.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.NodeAddress;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.Taint;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.client.ApiServerConfig;
import io.jollyboat.informer.HandInformers;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.proxy.dns.DnsClient;
import io.jollyboat.proxy.linux.LinuxNetwork;
import io.jollyboat.proxy.netns.Host;
import io.jollyboat.proxy.netns.NamespaceRuntime;
import io.jollyboat.proxy.netns.NetNamespace;
import io.jollyboat.proxy.netns.TestNetwork;
import io.jollyboat.proxy.nftables.NftablesBackend;
import io.jollyboat.proxy.nftables.NftablesConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole proxy of node 1 of two, in namespaces, fed by informers that the test fills. */
class KubeProxyTest {
    private static final String VIP = "10.96.7.7";

    private final HandInformers informers = new HandInformers();
    private TestNetwork network;
    private Host node1;
    private Host pod11;
    private Host pod12;
    private Host pod21;
    private NamespaceRuntime runtime;
    private NftablesBackend backend;
    private KubeProxy proxy;

    @BeforeEach
    void build() {
        NetNamespace.assume();
        network = new TestNetwork();
        node1 = network.node(1);
        Host node2 = network.node(2);
        pod11 = network.pod(node1, 1, 11).serve(8080).serveUdp(8053);
        pod12 = network.pod(node1, 1, 12).serve(8080).serveUdp(8053);
        pod21 = network.pod(node2, 2, 21).serve(8080).serveUdp(8053);
        node2.namespace().sh("ip route add 10.200.1.0/24 via 10.90.0.1");
        runtime = new NamespaceRuntime(node1.namespace());
        backend = node1.namespace()
                .in(() -> NftablesBackend.open(new NftablesConfig(
                        "jollyboat-test", "10.200.0.0/16", List.of("10.96.0.0/16"), "10.90.0.1", true)));
        informers.put(node("node1", "10.90.0.1", "10.200.1.0/24"));
        informers.put(node("node2", "10.90.0.2", "10.200.2.0/24"));
        informers.put(service("kube-dns", "10.96.0.10", s -> s.setPorts(0, port("dns", "UDP", 53))));
        startProxy();
    }

    private void startProxy() {
        proxy = new KubeProxy(config(), informers, backend, new LinuxNetwork(), runtime, new Metrics());
        node1.namespace().in(() -> {
            proxy.start();
            return null;
        });
    }

    @AfterEach
    void clear() {
        if (network != null) {
            proxy.close();
            node1.namespace().in(() -> {
                backend.close();
                return null;
            });
            network.close();
        }
    }

    private static KubeProxyConfig config() {
        return new KubeProxyConfig(
                new ApiServerConfig("10.90.0.9:6444", null, null, null),
                "node1",
                "10.90.0.1",
                "10.96.0.10",
                "cluster.local",
                "10.200.0.0/16",
                "10.96.0.0/16",
                List.of(),
                true,
                Path.of("/nonexistent/resolv.conf"),
                "",
                List.of(),
                "0.0.0.0",
                10256,
                10249);
    }

    private static Node node(String name, String ip, String range) {
        Node.Builder node =
                Node.newBuilder().setMetadata(ObjectMeta.newBuilder().setName(name));
        node.getSpecBuilder().setPodCIDR(range).addPodCIDRs(range);
        node.getStatusBuilder()
                .addAddresses(NodeAddress.newBuilder().setType("InternalIP").setAddress(ip));
        return node.build();
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(5));
    }

    @Test
    void aServiceAnswersEverywhereByAddressAndName() {
        informers.put(service("web", VIP));
        informers.put(slice("web", ready("10.200.1.11", "node1"), ready("10.200.2.21", "node2")));

        soon().until(() -> pod12.who(VIP, 80).startsWith("pod"));
        soon().until(() -> pod12.who(VIP, 80).equals("pod2-21"));
        soon().until(() -> node1.who(VIP, 80).startsWith("pod"));
        for (Host host : List.of(pod11, node1)) {
            List<String> data = host.namespace()
                    .in(() -> new DnsClient(new InetSocketAddress("10.96.0.10", 53))
                            .udp("web.default.svc.cluster.local", "A")
                            .data());
            assertThat(data).containsExactly(VIP);
            assertThat(host.namespace()
                            .<String>in(() -> new DnsClient(new InetSocketAddress("10.96.0.10", 53))
                                    .tcp("example.com", "A")
                                    .code()))
                    .isEqualTo("SERVFAIL");
        }
        informers.remove(service("web", VIP));
        soon().until(() -> pod12.get(VIP, 80).equals("refused"));
    }

    @Test
    void routesFollowTheNodes() {
        soon().until(() -> routes().contains("10.200.2.0/24 via 10.90.0.2"));
        assertThat(pod11.who("10.200.2.21", 8080)).isEqualTo("pod2-21");

        informers.put(node("node3", "10.90.0.3", "10.200.3.0/24"));
        informers.put(node("node2", "10.90.0.22", "10.200.2.0/24"));
        soon().until(() ->
                routes().contains("10.200.3.0/24 via 10.90.0.3") && routes().contains("10.200.2.0/24 via 10.90.0.22"));
        informers.remove(node("node3", "10.90.0.3", "10.200.3.0/24"));
        soon().until(() -> !routes().contains("10.200.3.0/24"));
        assertThat(routes()).doesNotContain("10.200.1.0/24 via");
    }

    private String routes() {
        return node1.namespace().sh("ip route");
    }

    @Test
    void aUdpClientIsFreedFromATargetThatIsGone() {
        Service dns = service("dns", VIP, s -> s.setPorts(0, port("dns", "UDP", 53)));
        informers.put(dns);
        informers.put(slice("dns", "dns", "UDP", 8053, ready("10.200.1.11", "node1")));
        try (Host.UdpClient client = pod12.udp(VIP, 53)) {
            soon().until(() -> client.ask().startsWith("pod1-11"));
            informers.put(slice("dns", "dns", "UDP", 8053, ready("10.200.2.21", "node2")));
            // The same port: the kernel would go on sending it to the old one.
            soon().until(() -> client.ask().startsWith("pod2-21"));
        }
    }

    @Test
    void rulesAreMendedWhenSomeoneRemovesThem() {
        informers.put(service("web", VIP));
        informers.put(slice("web", ready("10.200.1.11", "node1")));
        soon().until(() -> pod12.who(VIP, 80).equals("pod1-11"));
        node1.namespace().sh("nft delete table ip jollyboat-test; ip route del 10.200.2.0/24");
        runtime.fireTimers();
        soon().until(() -> pod12.who(VIP, 80).equals("pod1-11"));
        soon().until(() -> routes().contains("10.200.2.0/24 via 10.90.0.2"));
    }

    @Test
    void rulesOutliveTheProxyAndAreTakenOver() {
        informers.put(service("web", VIP));
        informers.put(slice("web", ready("10.200.1.11", "node1")));
        soon().until(() -> pod12.who(VIP, 80).equals("pod1-11"));
        proxy.close();
        assertThat(pod12.who(VIP, 80)).isEqualTo("pod1-11");
        startProxy();
        informers.put(slice("web", ready("10.200.2.21", "node2")));
        soon().until(() -> pod12.who(VIP, 80).equals("pod2-21"));
        assertThat(pod21.who("10.200.1.11", 8080)).isEqualTo("pod1-11");
    }

    @Test
    void healthIsUpstreams() {
        soon().until(() -> curl("10256/healthz").contains("200"));
        soon().untilAsserted(
                        () -> assertThat(curl("10256/healthz")).contains("\"lastUpdated\"", "\"nodeEligible\": true"));
        Node leaving = node("node1", "10.90.0.1", "10.200.1.0/24").toBuilder()
                .setSpec(node("node1", "10.90.0.1", "10.200.1.0/24").getSpec().toBuilder()
                        .addTaints(Taint.newBuilder()
                                .setKey("ToBeDeletedByClusterAutoscaler")
                                .setEffect("NoSchedule")))
                .build();
        informers.put(leaving);
        soon().untilAsserted(() -> assertThat(curl("10256/healthz")).contains("503", "\"nodeEligible\": false"));
        soon().untilAsserted(() -> assertThat(curl("10256/livez")).contains("200"));
        soon().until(() -> curl("10249/readyz").contains("200"));
        soon().untilAsserted(() ->
                assertThat(curl("10249/metrics")).contains("kubeproxy_sync_proxy_rules_duration_seconds"));
    }

    @Test
    void balancersLearnWhereTheEndpointsAre() {
        informers.put(service(
                "web",
                VIP,
                s -> s.setType("LoadBalancer").setExternalTrafficPolicy("Local").setHealthCheckNodePort(31000)));
        informers.put(slice("web", ready("10.200.1.11", "node1")));
        soon().until(() -> curl("31000/").contains("200") && curl("31000/").contains("\"localEndpoints\": 1"));
        informers.put(slice("web", ready("10.200.2.21", "node2")));
        soon().until(() -> curl("31000/").contains("503"));
        informers.put(service("web", VIP));
        soon().until(() -> curl("31000/").isEmpty());
    }

    /** Status line, headers and body; empty when refused. */
    private String curl(String portAndPath) {
        int slash = portAndPath.indexOf('/');
        int number = Integer.parseInt(portAndPath.substring(0, slash));
        return node1.namespace()
                .sh("exec 2>/dev/null; { printf 'GET " + portAndPath.substring(slash)
                        + " HTTP/1.0\\r\\n\\r\\n'; sleep 0.2; } | busybox nc 127.0.0.1 " + number + " || true");
    }
}
