package io.jollyboat.proxy.dns;

import static io.jollyboat.proxy.rules.ApiObjects.port;
import static io.jollyboat.proxy.rules.ApiObjects.ready;
import static io.jollyboat.proxy.rules.ApiObjects.service;
import static io.jollyboat.proxy.rules.ApiObjects.slice;
import static io.jollyboat.proxy.rules.ApiObjects.unready;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.informer.HandInformers;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.proxy.dns.DnsClient.Reply;
import io.jollyboat.proxy.rules.Ipv4Cidr;
import io.jollyboat.runtime.SystemRuntime;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions over sockets, against the Kubernetes DNS specification 1.1.0 and what clients need besides. */
class DnsServerTest {
    private static final String ZONE = "cluster.local";

    private final HandInformers informers = new HandInformers();
    private final List<AutoCloseable> open = new ArrayList<>();
    private FakeUpstream upstream;
    private DnsServer server;
    private DnsClient client;

    @BeforeEach
    void start() throws IOException {
        upstream = opened(new FakeUpstream());
        server = opened(server(List.of(upstream.address())));
        client = new DnsClient(server.address());
        informers.put(service("web", "10.96.7.7", s -> s.addPorts(port("", "UDP", 99))));
        informers.put(service("db", "None"));
        informers.put(slice(
                "db",
                ready("10.200.1.11", "node1").setHostname("db-0"),
                ready("10.200.2.21", "node2"),
                unready("10.200.2.22", "node2")));
        informers.put(service("empty", "None"));
        informers.put(service("six", "10.96.7.8", s -> s.addClusterIPs("fd00::8")));
        informers.put(external("away", "www.example.com"));
        informers.put(external("near", "web.default.svc.cluster.local"));
        informers.start();
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable resource : open.reversed()) {
            resource.close();
        }
    }

    private <C extends AutoCloseable> C opened(C resource) {
        open.add(resource);
        return resource;
    }

    private DnsServer server(List<InetSocketAddress> upstreams) throws IOException {
        DnsConfig config = new DnsConfig(
                ZONE,
                "10.96.0.10",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                List.of(),
                List.of(Ipv4Cidr.parse("10.96.0.0/16"), Ipv4Cidr.parse("10.200.0.0/16")),
                Upstreams.fixed(upstreams));
        InformerNames names =
                new InformerNames(informers.of(Kinds.of(Service.class)), informers.of(Kinds.of(EndpointSlice.class)));
        DnsServer made = new DnsServer(config, names, SystemRuntime.instance(), new Metrics());
        made.start();
        return made;
    }

    private static Service external(String name, String target) {
        return service(
                name,
                "",
                s -> s.setType("ExternalName")
                        .setExternalName(target)
                        .clearClusterIPs()
                        .clearPorts());
    }

    private static String name(String below) {
        return below + ".svc." + ZONE;
    }

    @Test
    void aServiceHasItsClusterIp() throws IOException {
        Reply reply = client.udp(name("web.default"), "A");
        assertThat(reply.code()).isEqualTo("NOERROR");
        assertThat(reply.flags()).containsExactly("qr", "aa", "rd", "ra");
        assertThat(reply.answers()).containsExactly("web.default.svc.cluster.local. 30 A 10.96.7.7");
        assertThat(client.udp(name("six.default"), "AAAA").data()).containsExactly("fd00:0:0:0:0:0:0:8");
        assertThat(client.udp(name("six.default"), "A").data()).containsExactly("10.96.7.8");
    }

    @Test
    void aNameWithoutSuchRecordsIsNoErrorAndAMissingOneIs() throws IOException {
        Reply nothing = client.udp(name("web.default"), "AAAA");
        assertThat(nothing.code()).isEqualTo("NOERROR");
        assertThat(nothing.answers()).isEmpty();
        assertThat(nothing.authority())
                .containsExactly(
                        "cluster.local. 5 SOA ns.dns.cluster.local. hostmaster.cluster.local. 7200 1800 86400 5");
        for (String missing : List.of(
                name("nosuch.default"),
                name("web.nosuch"),
                name("nosuch"),
                name("www.example.com.default"),
                name("_ftp._tcp.web.default"),
                name("_http._udp.web.default"),
                "nosuch." + ZONE,
                "web.default.svc.extra." + ZONE)) {
            Reply reply = client.udp(missing, "A");
            assertThat(reply.code()).as(missing).isEqualTo("NXDOMAIN");
            assertThat(reply.authority()).as(missing).hasSize(1);
        }
        for (String inner : List.of(ZONE, "svc." + ZONE, name("default"), name("_tcp.web.default"))) {
            assertThat(client.udp(inner, "A").code()).as(inner).isEqualTo("NOERROR");
        }
    }

    @Test
    void aHeadlessServiceHasItsReadyEndpoints() throws IOException {
        assertThat(client.udp(name("db.default"), "A").data()).containsExactly("10.200.1.11", "10.200.2.21");
        assertThat(client.udp(name("db-0.db.default"), "A").data()).containsExactly("10.200.1.11");
        assertThat(client.udp(name("10-200-2-21.db.default"), "A").data()).containsExactly("10.200.2.21");
        assertThat(client.udp(name("10-200-2-22.db.default"), "A").code()).isEqualTo("NXDOMAIN");
        assertThat(client.udp(name("empty.default"), "A").code()).isEqualTo("NXDOMAIN");
    }

    @Test
    void headlessAddressesTakeTurnsInFirstPlace() {
        List<String> firsts = new ArrayList<>();
        await().atMost(60, TimeUnit.SECONDS).until(() -> {
            firsts.add(client.udp(name("db.default"), "A").answers().getFirst());
            return firsts.stream().distinct().count() == 2;
        });
    }

    @Test
    void portsHaveServiceRecords() throws IOException {
        Reply one = client.udp(name("_http._tcp.web.default"), "SRV");
        assertThat(one.data()).containsExactly("0 100 80 web.default.svc.cluster.local.");
        assertThat(one.additional()).containsExactly("web.default.svc.cluster.local. 30 A 10.96.7.7");

        Reply headless = client.udp(name("_http._tcp.db.default"), "SRV");
        assertThat(headless.data())
                .containsExactly(
                        "0 50 8080 10-200-2-21.db.default.svc.cluster.local.",
                        "0 50 8080 db-0.db.default.svc.cluster.local.");
        assertThat(headless.additional())
                .containsExactlyInAnyOrder(
                        "10-200-2-21.db.default.svc.cluster.local. 30 A 10.200.2.21",
                        "db-0.db.default.svc.cluster.local. 30 A 10.200.1.11");
        assertThat(client.udp(name("web.default"), "SRV").data())
                .containsExactly("0 50 80 web.default.svc.cluster.local.", "0 50 99 web.default.svc.cluster.local.");
    }

    @Test
    void addressesHaveNames() throws IOException {
        assertThat(client.udp("7.7.96.10.in-addr.arpa", "PTR").data())
                .containsExactly("web.default.svc.cluster.local.");
        assertThat(client.udp("11.1.200.10.in-addr.arpa", "PTR").data())
                .containsExactly("db-0.db.default.svc.cluster.local.");
        assertThat(client.udp("9.9.96.10.in-addr.arpa", "PTR").code()).isEqualTo("NXDOMAIN");
        assertThat(upstream.asked()).isEmpty();
        assertThat(client.udp("1.2.0.192.in-addr.arpa", "PTR").code()).isEqualTo("NXDOMAIN");
        assertThat(upstream.asked()).hasSize(1);
    }

    @Test
    void podsHaveNamesOfTheirAddress() throws IOException {
        assertThat(client.udp("10-200-1-11.default.pod." + ZONE, "A").data()).containsExactly("10.200.1.11");
        assertThat(client.udp("10-200-1.default.pod." + ZONE, "A").code()).isEqualTo("NXDOMAIN");
    }

    @Test
    void theZoneDescribesItself() throws IOException {
        assertThat(client.udp("dns-version." + ZONE, "TXT").data()).containsExactly("1.1.0");
        assertThat(client.udp(ZONE, "NS").data()).containsExactly("ns.dns.cluster.local.");
        assertThat(client.udp("ns.dns." + ZONE, "A").data()).containsExactly("10.96.0.10");
        assertThat(client.udp(ZONE, "SOA").answers()).hasSize(1);
    }

    @Test
    void externalNamesAreAliasesAndAreFollowed() throws IOException {
        assertThat(client.udp(name("near.default"), "A").answers())
                .containsExactly(
                        "near.default.svc.cluster.local. 30 CNAME web.default.svc.cluster.local.",
                        "web.default.svc.cluster.local. 30 A 10.96.7.7");
        upstream.address("www.example.com", "192.0.2.80", 60);
        assertThat(client.udp(name("away.default"), "A").answers())
                .containsExactly(
                        "away.default.svc.cluster.local. 30 CNAME www.example.com.",
                        "www.example.com. 60 A 192.0.2.80");
        assertThat(client.udp(name("away.default"), "CNAME").data()).containsExactly("www.example.com.");
    }

    @Test
    void otherNamesAreForwardedAndRemembered() throws IOException {
        upstream.address("www.example.com", "192.0.2.80", 60);
        Reply first = client.udp("www.Example.com", "A");
        assertThat(first.data()).containsExactly("192.0.2.80");
        assertThat(first.flags()).doesNotContain("aa");
        Reply second = client.udp("WWW.example.COM", "A");
        assertThat(second.data()).containsExactly("192.0.2.80");
        assertThat(second.question()).isEqualTo("WWW.example.COM.");
        assertThat(upstream.asked()).containsExactly("www.Example.com.");
        assertThat(client.udp("nosuch.example.com", "A").code()).isEqualTo("NXDOMAIN");
        assertThat(client.tcp("www.example.com", "A").data()).containsExactly("192.0.2.80");
    }

    @Test
    void theNextResolverIsAskedAndFailureIsQuick() throws IOException {
        upstream.address("www.example.com", "192.0.2.80", 60);
        InetSocketAddress closed = closedPort();
        DnsClient second = new DnsClient(
                opened(server(List.of(closed, upstream.address()))).address());
        assertThat(second.udp("www.example.com", "A").data()).containsExactly("192.0.2.80");

        DnsClient none = new DnsClient(opened(server(List.of(closed))).address());
        assertThat(none.udp("www.example.com", "A").code()).isEqualTo("SERVFAIL");
        assertThat(none.udp(name("web.default"), "A").data()).containsExactly("10.96.7.7");
        DnsClient offline = new DnsClient(opened(server(List.of())).address());
        assertThat(offline.udp("www.example.com", "A").code()).isEqualTo("SERVFAIL");
    }

    private static InetSocketAddress closedPort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }
    }

    @Test
    void theCaseOfTheQuestionIsKept() throws IOException {
        Reply reply = client.udp("WeB.DEFAULT.svc.Cluster.Local", "A");
        assertThat(reply.question()).isEqualTo("WeB.DEFAULT.svc.Cluster.Local.");
        assertThat(reply.answers()).containsExactly("WeB.DEFAULT.svc.Cluster.Local. 30 A 10.96.7.7");
    }

    @Test
    void longAnswersAreCutUnlessTheClientTakesThem() throws IOException {
        informers.put(service("many", "None"));
        EndpointSlice.Builder all = slice("many").toBuilder();
        for (int i = 1; i <= 60; i++) {
            all.addEndpoints(ready("10.200.3." + i, "node3"));
        }
        informers.put(all.build());

        Reply cut = client.udp(name("many.default"), "A");
        assertThat(cut.flags()).contains("tc");
        assertThat(cut.size()).isLessThanOrEqualTo(512);
        Reply edns = client.edns(name("many.default"), "A", 1232);
        assertThat(edns.flags()).doesNotContain("tc");
        assertThat(edns.answers()).hasSize(60);
        assertThat(edns.additional()).containsExactly("OPT 1232");
        assertThat(client.tcp(name("many.default"), "A").answers()).hasSize(60);
    }

    @Test
    void oneConnectionCarriesManyQuestions() throws IOException {
        try (Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.tcp(socket, name("web.default"), "A").data()).containsExactly("10.96.7.7");
            }
        }
    }

    @Test
    void changesAreSeenAtOnce() throws IOException {
        informers.put(service("late", "10.96.7.99"));
        assertThat(client.udp(name("late.default"), "A").data()).containsExactly("10.96.7.99");
        informers.remove(service("late", "10.96.7.99"));
        assertThat(client.udp(name("late.default"), "A").code()).isEqualTo("NXDOMAIN");
    }

    @Test
    void untilTheClusterIsKnownItFails() throws IOException {
        HandInformers notYet = new HandInformers();
        InformerNames names =
                new InformerNames(notYet.of(Kinds.of(Service.class)), notYet.of(Kinds.of(EndpointSlice.class)));
        DnsConfig config = new DnsConfig(
                ZONE,
                "10.96.0.10",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                List.of(),
                List.of(),
                Upstreams.fixed(List.of()));
        DnsServer early = opened(new DnsServer(config, names, SystemRuntime.instance(), new Metrics()));
        early.start();
        assertThat(new DnsClient(early.address()).udp(name("web.default"), "A").code())
                .isEqualTo("SERVFAIL");
    }

    @Test
    void brokenQuestionsAreRefusedAndDoNoHarm() throws IOException {
        byte[] good = DnsClient.query(name("web.default"), 1, 0, false);
        byte[] statusQuery = good.clone();
        statusQuery[2] = 0x10;
        assertThat(client.send(statusQuery).code()).isEqualTo("NOTIMP");
        byte[] cutOff = new byte[20];
        System.arraycopy(good, 0, cutOff, 0, 20);
        assertThat(client.send(cutOff).code()).isEqualTo("FORMERR");
        byte[] twoQuestions = good.clone();
        twoQuestions[5] = 2;
        assertThat(client.send(twoQuestions).code()).isEqualTo("FORMERR");
        byte[] chaos = good.clone();
        chaos[chaos.length - 1] = 3;
        assertThat(client.send(chaos).code()).isEqualTo("REFUSED");
        byte[] opt = DnsClient.query(name("web.default"), 1, 1232, true);
        opt[opt.length - 5] = 1;
        assertThat(client.send(opt).code()).isEqualTo("NOERROR"); // BADVERS: its low four bits are 0
        assertThat(client.send(opt).answers()).isEmpty();
        assertThat(client.udp(name("web.default"), "A").data()).containsExactly("10.96.7.7");
    }

    @Test
    void nameServersComeFromResolvConf(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("resolv.conf");
        Files.writeString(file, """
                # comment
                search example.com
                nameserver 192.0.2.1
                 nameserver	10.96.0.10
                nameserver 2001:db8::1
                nameserver bogus
                options ndots:5
                """);
        assertThat(ResolvConf.nameServers(file, "10.96.0.10"))
                .containsExactly(new InetSocketAddress("192.0.2.1", 53), new InetSocketAddress("2001:db8::1", 53));
        assertThat(ResolvConf.nameServers(folder.resolve("none"), "")).isEmpty();
    }
}
