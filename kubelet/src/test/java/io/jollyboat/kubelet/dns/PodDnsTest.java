package io.jollyboat.kubelet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodDNSConfig;
import io.jollyboat.api.core.v1.PodDNSConfigOption;
import io.jollyboat.cri.v1.DNSConfig;
import io.jollyboat.kubelet.testing.Pods;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodDnsTest {
    private static final String CLUSTER = "default.svc.cluster.local svc.cluster.local cluster.local example.com lan";

    @TempDir
    Path folder;

    private PodDns dns;

    @BeforeEach
    void make() throws IOException {
        Path file = Files.writeString(
                folder.resolve("resolv.conf"),
                "# comment\nnameserver 192.0.2.1\nnameserver 192.0.2.2\nsearch example.com lan.\noptions timeout:1 rotate\n");
        dns = new PodDns(List.of("10.96.0.10"), "cluster.local", file);
    }

    private static Pod pod(String policy, boolean hostNetwork) {
        return Pods.pod("p", s -> s.setDnsPolicy(policy).setHostNetwork(hostNetwork));
    }

    @ParameterizedTest
    @CsvSource({
        "ClusterFirst, false, 10.96.0.10, " + CLUSTER + ", ndots:5",
        "ClusterFirst, true, 192.0.2.1 192.0.2.2, example.com lan, timeout:1 rotate",
        "ClusterFirstWithHostNet, true, 10.96.0.10, " + CLUSTER + ", ndots:5",
        "Default, false, 192.0.2.1 192.0.2.2, example.com lan, timeout:1 rotate",
        "None, false, '', '', ''"
    })
    void policies(String policy, boolean hostNetwork, String servers, String searches, String options) {
        DNSConfig config = dns.of(pod(policy, hostNetwork));
        assertThat(String.join(" ", config.getServersList())).isEqualTo(servers);
        assertThat(String.join(" ", config.getSearchesList())).isEqualTo(searches);
        assertThat(String.join(" ", config.getOptionsList())).isEqualTo(options);
    }

    @Test
    void thePodsOwnComesAfterAndItsOptionsWin() {
        PodDNSConfig own = PodDNSConfig.newBuilder()
                .addNameservers("192.0.2.9")
                .addNameservers("10.96.0.10")
                .addSearches("my.search")
                .addSearches("cluster.local")
                .addOptions(PodDNSConfigOption.newBuilder().setName("ndots").setValue("2"))
                .addOptions(PodDNSConfigOption.newBuilder().setName("edns0"))
                .build();
        DNSConfig config = dns.of(Pods.pod("p", s -> s.setDnsConfig(own)));
        assertThat(config.getServersList()).containsExactly("10.96.0.10", "192.0.2.9");
        assertThat(String.join(" ", config.getSearchesList())).isEqualTo(CLUSTER + " my.search");
        assertThat(config.getOptionsList()).containsExactly("ndots:2", "edns0");
    }

    @Test
    void thereAreLimits() {
        PodDNSConfig.Builder own = PodDNSConfig.newBuilder();
        for (int i = 0; i < 40; i++) {
            own.addNameservers("192.0.2." + i).addSearches("s" + i + ".example");
        }
        DNSConfig config = dns.of(Pods.pod("p", s -> s.setDnsConfig(own)));
        assertThat(config.getServersList()).hasSize(3);
        assertThat(config.getSearchesList()).hasSize(32);
    }
}
