package io.jollyboat.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.config.ConfigException;
import io.jollyboat.config.ConfigLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ControllerManagerConfigTest {
    private static final String MINIMAL = """
            apiServer:
              address: "127.0.0.1:6444"
              caFile: ca.crt
              certFile: cm.crt
              keyFile: cm.key
            clusterCidr: 10.200.0.0/16
            rootCaFile: ca.crt
            """;

    @Test
    void theRestHasDefaults() throws ConfigException {
        ControllerManagerConfig config = parse(MINIMAL);
        assertThat(config.port()).isEqualTo(10257);
        assertThat(config.leaderElect()).isFalse();
        assertThat(config.nodeLifecycle().monitorGracePeriod()).isEqualTo(Duration.ofSeconds(50));
        assertThat(config.clusterCidrs()).containsExactly("10.200.0.0/16");
        assertThat(config.nodeMaskSizes()).containsExactly(24);
    }

    @Test
    void allCanBeSet() throws ConfigException {
        ControllerManagerConfig config = parse(MINIMAL.replace("10.200.0.0/16", "10.200.0.0/16,fd00::/48") + """
                nodeCidrMaskSize: 25
                leaderElect: true
                terminatedPodThreshold: 7
                nodeLifecycle:
                  monitorGracePeriod: 20s
                disabled: [deployment-controller]
                """);
        assertThat(config.nodeMaskSizes()).isEqualTo(List.of(25, 64));
        assertThat(config.leaderElect()).isTrue();
        assertThat(config.terminatedPodThreshold()).isEqualTo(7);
        assertThat(config.nodeLifecycle().monitorGracePeriod()).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.nodeLifecycle().largeClusterThreshold()).isEqualTo(50);
        assertThat(config.disabled()).containsExactly("deployment-controller");
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatThrownBy(() -> parse("clusterCdir: 10.200.0.0/16\ndisabled: [nonsense]\n"))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(String.join("\n", e.errors()))
                                .contains("apiServer")
                                .contains("rootCaFile")
                                .contains("clusterCdir")
                                .contains("clusterCidr"));
        assertThatThrownBy(() -> parse(MINIMAL + "disabled: [nonsense]\n"))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(String.join("\n", e.errors())).contains("there is no controller nonsense"));
    }

    private static ControllerManagerConfig parse(String yaml) throws ConfigException {
        return ConfigLoader.parse(yaml, Path.of("controller-manager.yaml"), ControllerManagerConfig.class);
    }
}
