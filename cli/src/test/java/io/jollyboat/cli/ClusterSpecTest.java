package io.jollyboat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterSpecTest {
    private static final List<String> OPTIONS = List.of(
            "--nodes", "--node-network", "--pod-cidr", "--service-cidr", "--api-port", "--grpc-port", "--etcd-port");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--nodes=0                                       | --nodes 0: must be 1 to 100",
                "--nodes=101                                     | --nodes 101: must be 1 to 100",
                "--node-network=10.90                            | --node-network 10.90: must be the first three octets",
                "--node-network=10.90.0.0                        | --node-network 10.90.0.0: must be the first three octets",
                "--node-network=10.290.0                         | --node-network 10.290.0: must be the first three octets",
                "--pod-cidr=ten                                  | --pod-cidr ten: must be a range such as",
                "--pod-cidr=10.200.0.0                           | --pod-cidr 10.200.0.0: must be a range such as",
                "--pod-cidr=10.200.0.0/33                        | --pod-cidr 10.200.0.0/33: must be a range such as",
                "--pod-cidr=10.200.3.0/16                        | did you mean 10.200.0.0/16?",
                "--pod-cidr=10.200.0.0/25                        | too small for a /24 for each of the 1 nodes",
                "--pod-cidr=10.200.0.0/23 --nodes=3              | too small for a /24 for each of the 3 nodes",
                "--service-cidr=10.0.0.0/8                       | the prefix must be /12 to /28",
                "--service-cidr=10.96.0.0/29                     | the prefix must be /12 to /28",
                "--service-cidr=10.200.7.0/24                    | --pod-cidr 10.200.0.0/16 and --service-cidr 10.200.7.0/24 overlap",
                "--node-network=10.96.3                          | --node-network 10.96.3.0/24 and --service-cidr 10.96.0.0/16 overlap",
                "--api-port=0                                    | --api-port 0: must be 1 to 65534",
                "--api-port=70000                                | --api-port 70000: must be 1 to 65534",
                "--api-port=6444                                 | must differ",
                "--grpc-port=2380                                | the one after etcd's is its peers'",
            })
    void refusesAndNamesTheOption(String arguments, String message) {
        assertThatExceptionOfType(CliException.class)
                .isThrownBy(() -> options(arguments).spec())
                .withMessageContaining(message);
    }

    @Test
    void takesWhatIsRight() {
        ClusterSpec spec = options("--service-cidr=10.96.0.16/28 --pod-cidr=10.200.0.0/22 --nodes=4")
                .spec();
        assertThat(spec.kubernetesIp()).isEqualTo("10.96.0.17");
        assertThat(spec.dnsIp()).isEqualTo("10.96.0.26");
        assertThat(spec.apiPort()).isEqualTo(6443);
        assertThat(spec.linkName()).hasSizeLessThanOrEqualTo(15);
    }

    @ParameterizedTest
    @CsvSource({"Jolly", "a_b", "-a", "a-", "abcdefghijklmnopqrstu"})
    void refusesNames(String name) {
        assertThatExceptionOfType(CliException.class)
                .isThrownBy(() -> ClusterSpec.defaults(name, 1))
                .withMessageStartingWith("--name " + name);
    }

    @Test
    void aClusterThatIsThereStaysAsItIs() {
        ClusterSpec present = options("--nodes=3 --api-port=7443").spec();
        options("").refuseOtherThan(present);
        options("--nodes=3 --api-port=7443").refuseOtherThan(present);
        assertThatExceptionOfType(CliException.class)
                .isThrownBy(() ->
                        options("--nodes=1 --api-port=8443 --grpc-port=6444").refuseOtherThan(present))
                .withMessageContaining("with --nodes 3 and not 1, --api-port 7443 and not 8443:");
    }

    private static UpOptions options(String arguments) {
        String[] values = new String[OPTIONS.size()];
        for (String argument : arguments.strip().split(" +")) {
            if (!argument.isEmpty()) {
                String[] pair = argument.split("=");
                values[OPTIONS.indexOf(pair[0])] = pair[1];
            }
        }
        return new UpOptions(
                "jollyboat",
                number(values[0]),
                values[1],
                values[2],
                values[3],
                number(values[4]),
                number(values[5]),
                number(values[6]),
                null);
    }

    private static Integer number(String text) {
        return text == null ? null : Integer.valueOf(text);
    }
}
