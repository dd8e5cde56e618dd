package io.jollyboat.proxy.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.informer.HandInformers;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.proxy.dns.DnsClient.Reply;
import io.jollyboat.proxy.dns.FakeUpstream.Fault;
import io.jollyboat.runtime.SystemRuntime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names outside of the cluster, with resolvers that do not do as they should. */
final class DnsForwardingTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final List<AutoCloseable> open = new ArrayList<>();
    private FakeUpstream upstream;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        upstream = opened(new FakeUpstream());
        upstream.address("www.example.com", "192.0.2.80", 60);
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

    private DnsServer server(List<InetSocketAddress> alsoListen, InetSocketAddress... upstreams) throws IOException {
        HandInformers informers = new HandInformers();
        InformerNames names =
                new InformerNames(informers.of(Kinds.of(Service.class)), informers.of(Kinds.of(EndpointSlice.class)));
        informers.start();
        DnsConfig config = new DnsConfig(
                "cluster.local",
                "10.96.0.10",
                new InetSocketAddress(LOOPBACK, 0),
                alsoListen,
                List.of(),
                Upstreams.fixed(List.of(upstreams)));
        DnsServer made = opened(new DnsServer(config, names, SystemRuntime.instance(), new Metrics()));
        made.start();
        return made;
    }

    private DnsClient client(InetSocketAddress... upstreams) throws IOException {
        return new DnsClient(server(List.of(), upstreams).address());
    }

    @Test
    void anAnswerThatWasCutIsAskedForAgainOverTcp() throws IOException {
        upstream.fail(Fault.TRUNCATED);
        DnsClient client = client(upstream.address());
        Reply cut = client.udp("www.example.com", "A");
        assertThat(cut.flags()).contains("tc");
        assertThat(cut.data()).isEmpty();
        assertThat(client.tcp("www.example.com", "A").data()).containsExactly("192.0.2.80");
        // The whole answer is known by now, and short enough for a datagram.
        assertThat(client.udp("www.example.com", "A").data()).containsExactly("192.0.2.80");
    }

    @Test
    void aSilentResolverIsAFailureBeforeTheClientGivesUp() throws IOException {
        upstream.fail(Fault.SILENT);
        // The client's own limit is well under the five seconds of usual resolvers.
        assertThat(client(upstream.address()).udp("www.example.com", "A").code())
                .isEqualTo("SERVFAIL");
    }

    @Test
    void theNextResolverIsAskedWhenOneIsSilentOrCannot() throws IOException {
        FakeUpstream second = opened(new FakeUpstream());
        second.address("www.example.com", "192.0.2.81", 60);
        for (Fault fault : List.of(Fault.SILENT, Fault.FAILING)) {
            upstream.fail(fault);
            assertThat(client(upstream.address(), second.address())
                            .udp("www.example.com", "A")
                            .data())
                    .as(fault.name())
                    .containsExactly("192.0.2.81");
        }
    }

    @Test
    void missingNamesAreRememberedAndFailuresAreNot() throws IOException {
        DnsClient client = client(upstream.address());
        assertThat(client.udp("none.example.com", "A").code()).isEqualTo("NXDOMAIN");
        assertThat(client.udp("none.example.com", "A").code()).isEqualTo("NXDOMAIN");
        assertThat(upstream.asked()).containsExactly("none.example.com.");

        upstream.fail(Fault.FAILING);
        assertThat(client.udp("www.example.com", "A").code()).isEqualTo("SERVFAIL");
        upstream.fail(Fault.NONE);
        assertThat(client.udp("www.example.com", "A").data()).containsExactly("192.0.2.80");
    }

    @Test
    void theHostsOwnProgramsAreAnsweredOnFurtherAddresses() throws IOException {
        InetSocketAddress other = new InetSocketAddress(InetAddress.getByName("127.0.0.53"), freePort());
        InetSocketAddress taken = upstream.address();
        DnsServer server = server(List.of(taken, other), upstream.address());
        assertThat(new DnsClient(other).udp("www.example.com", "A").data()).containsExactly("192.0.2.80");
        assertThat(new DnsClient(other).tcp("www.example.com", "A").data()).containsExactly("192.0.2.80");
        // An address that cannot be had keeps nobody from the main one.
        assertThat(new DnsClient(server.address()).udp("www.example.com", "A").data())
                .containsExactly("192.0.2.80");
    }

    private static int freePort() throws IOException {
        try (java.net.ServerSocket socket = new java.net.ServerSocket(0, 1, InetAddress.getByName("127.0.0.53"))) {
            return socket.getLocalPort();
        }
    }

    @Test
    void aRelayStandsForResolversOnTheLoopback() throws IOException {
        Path file = Files.writeString(
                folder.resolve("resolv.conf"),
                "nameserver 127.0.0.53\nnameserver 192.0.2.1\nnameserver 127.0.0.11\nnameserver 10.96.0.10\n");
        HostResolvers relayed = new HostResolvers(file, "10.96.0.10", "198.19.0.3", SystemRuntime.instance());
        assertThat(relayed.current())
                .containsExactly(new InetSocketAddress("198.19.0.3", 53), new InetSocketAddress("192.0.2.1", 53));
        assertThat(relayed.relayedAddresses())
                .containsExactly(InetAddress.getByName("127.0.0.53"), InetAddress.getByName("127.0.0.11"));

        HostResolvers own = new HostResolvers(file, "10.96.0.10", "", SystemRuntime.instance());
        assertThat(own.current()).contains(new InetSocketAddress("127.0.0.53", 53));
        assertThat(own.relayedAddresses()).isEmpty();
    }

    @Test
    void theHostsResolversMayChange() throws IOException {
        Path file = Files.writeString(folder.resolve("resolv.conf"), "nameserver 192.0.2.1\n");
        HostResolvers resolvers = new HostResolvers(file, "", "", SystemRuntime.instance());
        assertThat(resolvers.current()).containsExactly(new InetSocketAddress("192.0.2.1", 53));
        Path next = Files.writeString(folder.resolve("next"), "nameserver 192.0.2.2\n");
        Files.setLastModifiedTime(next, FileTime.from(Instant.EPOCH));
        Files.move(next, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> resolvers.current().equals(List.of(new InetSocketAddress("192.0.2.2", 53))));
        Files.delete(file);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> resolvers.current().isEmpty());
    }
}
