package io.jollyboat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EgressTest {
    private final ClusterSpec spec = ClusterSpec.defaults("test", 1);

    @Test
    void withoutAProxyTheEnvironmentStaysAsItIs() {
        assertThat(Egress.proxyEnvironment(spec, Map.of("NO_PROXY", "intern.example", "HOME", "/root")))
                .isEmpty();
        assertThat(Egress.proxyEnvironment(spec, Map.of("HTTP_PROXY", ""))).isEmpty();
    }

    @Test
    void theClustersOwnAddressesGoPastTheProxy() {
        String own = "localhost,127.0.0.0/8,10.90.0.0/24,10.200.0.0/16,10.96.0.0/16,.svc,.cluster.local";
        assertThat(Egress.proxyEnvironment(spec, Map.of("https_proxy", "http://proxy:3128")))
                .containsEntry("NO_PROXY", own)
                .containsEntry("no_proxy", own);
        assertThat(Egress.proxyEnvironment(
                        spec, Map.of("HTTP_PROXY", "http://proxy:3128", "no_proxy", "intern.example, .lan,")))
                .containsEntry("NO_PROXY", "intern.example,.lan," + own);
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:3128, true",
        "http://user:secret@localhost:3128/, true",
        "127.0.0.1:8080, true",
        "http://[::1]:3128, true",
        "http://localhost.example:3128, false",
        "http://192.0.2.7:3128, false",
        "http://127.example:3128, false"
    })
    void aProxyOnTheLoopbackIsOutOfReach(String proxy, boolean loopback) {
        assertThat(Egress.proxyOnLoopback(Map.of("HTTPS_PROXY", proxy)).isPresent())
                .isEqualTo(loopback);
    }

    @Test
    void podsThatAskTheHostsResolversAskTheRelayForThoseOnItsLoopback() {
        assertThat(Egress.podResolvConf("""
                # stub
                nameserver 127.0.0.53
                nameserver 192.0.2.1
                nameserver ::1
                search example.com
                options edns0 trust-ad
                """)).isEqualTo("""
                # stub
                nameserver 198.19.0.3
                nameserver 192.0.2.1
                search example.com
                options edns0 trust-ad
                """);
    }
}
