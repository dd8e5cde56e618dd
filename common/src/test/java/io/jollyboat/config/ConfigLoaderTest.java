package io.jollyboat.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.client.ApiServerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigLoaderTest {
    private static final Path FILE = Path.of("/etc/jolly/kubelet.yaml");

    enum Mode {
        NFTABLES,
        IP_VS
    }

    record Inner(int port, Duration period) {
        static Inner defaults() {
            return new Inner(10250, Duration.ofSeconds(10));
        }
    }

    record Sample(
            String nodeName,
            ApiServerConfig apiServer,
            Inner server,
            boolean verbose,
            Mode mode,
            Quantity memory,
            List<String> resolvers,
            Map<String, Integer> limits,
            Optional<String> zone,
            List<Inner> extra) {
        static Sample defaults() {
            return new Sample(
                    null,
                    null,
                    Inner.defaults(),
                    true,
                    Mode.NFTABLES,
                    null,
                    List.of(),
                    Map.of(),
                    Optional.empty(),
                    null);
        }
    }

    private static Sample parse(String yaml) throws ConfigException {
        return ConfigLoader.parse(yaml, FILE, Sample.class);
    }

    private static List<String> errors(String yaml) {
        return catchThrowableOfType(ConfigException.class, () -> parse(yaml)).errors();
    }

    @Test
    void readsEveryKindOfValue() throws Exception {
        Sample sample = parse("""
                nodeName: worker-1
                apiServer: {address: "10.90.0.1:6444", caFile: pki/ca.crt, certFile: /a/cert.pem, keyFile: /a/key.pem}
                server: {period: 1m30s}
                verbose: false
                mode: ipVs
                memory: 100Mi
                resolvers: [1.1.1.1, 9.9.9.9]
                limits: {pods: 110}
                zone: z1
                extra: [{port: 1}, {period: 300ms}]
                """);
        assertThat(sample)
                .isEqualTo(new Sample(
                        "worker-1",
                        new ApiServerConfig(
                                "10.90.0.1:6444",
                                Path.of("/etc/jolly/pki/ca.crt"),
                                Path.of("/a/cert.pem"),
                                Path.of("/a/key.pem")),
                        new Inner(10250, Duration.ofSeconds(90)),
                        false,
                        Mode.IP_VS,
                        Quantity.newBuilder().setString("100Mi").build(),
                        List.of("1.1.1.1", "9.9.9.9"),
                        Map.of("pods", 110),
                        Optional.of("z1"),
                        List.of(new Inner(1, Duration.ofSeconds(10)), new Inner(10250, Duration.ofMillis(300)))));
    }

    @Test
    void reportsEverythingAtOnceWithFileAndKey() {
        assertThat(errors("""
                nodename: x
                apiServer: {address: nowhere, caFile: a, certFile: b, keyFile: c}
                server: {port: "80", periods: 1s}
                verbose: maybe
                mode: pf
                memory: 1 potato
                resolvers: 1.1.1.1
                limits: {pods: many}
                whatever: 1
                """))
                .containsExactlyInAnyOrder(
                        FILE + ": nodename: unknown key, did you mean \"nodeName\"?",
                        FILE + ": nodeName: is required",
                        FILE + ": apiServer: address: \"nowhere\" is not host:port",
                        FILE + ": server.port: must be a whole number from -2147483648 to 2147483647, is \"80\"",
                        FILE + ": server.periods: unknown key, did you mean \"period\"?",
                        FILE + ": verbose: must be true or false, is \"maybe\"",
                        FILE + ": mode: must be one of nftables, ipVs, is \"pf\"",
                        FILE + ": memory: must be a quantity such as 500m or 2Gi, is \"1 potato\"",
                        FILE + ": resolvers: must be a list, is \"1.1.1.1\"",
                        FILE + ": limits.pods: must be a whole number from -2147483648 to 2147483647, is \"many\"",
                        FILE + ": whatever: unknown key, known are nodeName, apiServer, server, verbose, mode, memory,"
                                + " resolvers, limits, zone, extra");
    }

    @Test
    void namesMissingKeysOfMissingSections() {
        assertThat(errors("{nodeName: a, memory: 1}"))
                .containsExactly(
                        FILE + ": apiServer.address: is required",
                        FILE + ": apiServer.caFile: is required",
                        FILE + ": apiServer.certFile: is required",
                        FILE + ": apiServer.keyFile: is required");
    }

    @Test
    void saysWhereYamlIsBroken() {
        assertThat(errors("nodeName: a\nserver: [")).singleElement().asString().startsWith(FILE + ":2: ");
        assertThat(errors("nodeName: a\nnodeName: b"))
                .singleElement()
                .asString()
                .contains("nodeName");
        assertThat(errors("- a")).containsExactly(FILE + ": must be a YAML mapping");
        assertThat(catchThrowableOfType(
                                ConfigException.class,
                                () -> ConfigLoader.load(Path.of("/nonexistent/x.yaml"), Sample.class))
                        .errors())
                .containsExactly("/nonexistent/x.yaml: no such file");
    }

    @Test
    void durationsAreGos() {
        assertThat(Durations.parse("1h2m3.5s"))
                .isEqualTo(Duration.ofHours(1).plusMinutes(2).plusMillis(3500));
        assertThat(Durations.parse("0")).isEqualTo(Duration.ZERO);
        assertThat(Durations.parse("-1.5ms")).isEqualTo(Duration.ofNanos(-1_500_000));
        assertThat(catchThrowableOfType(IllegalArgumentException.class, () -> Durations.parse("10")))
                .hasMessage("must be a duration such as 300ms, 10s or 1m30s, is \"10\"");
    }
}
