package io.jollyboat.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequirementsTest {
    private static final ClusterSpec SPEC = ClusterSpec.defaults("jollyboat", 1);

    @TempDir
    Path folder;

    @Test
    void aPortInUseIsNamedWithTheOptionThatChoosesAnother() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            int port = taken.getLocalPort();
            assertThatExceptionOfType(CliException.class)
                    .isThrownBy(() -> Requirements.checkPort("etcd", port, "--etcd-port"))
                    .withMessageStartingWith("port " + port + ", for etcd, is in use on this machine")
                    .withMessageEndingWith("free it, or choose another: --etcd-port");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.96.0.0/16 dev docker0 proto kernel   | --service-cidr",
                "10.96.7.0/24 via 192.0.2.1 dev eth0     | --service-cidr",
                "10.0.0.0/8 dev tun0 scope link          | --",
                "10.200.3.4 dev tun0 scope link          | --pod-cidr",
                "10.90.0.64/26 dev br0                   | --node-network",
            })
    void aRangeThatAnotherRouteHasIsRefused(String route, String option) {
        assertThatExceptionOfType(CliException.class)
                .isThrownBy(() -> Requirements.checkRanges(SPEC, List.of("default via 192.0.2.1 dev eth0", route)))
                .withMessageContaining("(route " + route + ")")
                .withMessageContaining("choose another with " + option);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "default via 192.0.2.1 dev eth0",
                "10.97.0.0/16 dev docker0",
                "10.96.0.0/16 via 10.90.0.2 dev jolly0",
                "unreachable 10.0.0.0/8",
                "",
            })
    void otherRoutesAreNoHindrance(String route) {
        assertThatCode(() -> Requirements.checkRanges(SPEC, List.of(route))).doesNotThrowAnyException();
    }

    @Test
    void aFileWhereAFolderShouldBe() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatExceptionOfType(CliException.class)
                .isThrownBy(() -> Requirements.checkFolders(
                        new ClusterPaths(folder, file.resolve("jollyboat"), folder.resolve("run"))))
                .withMessage("cannot write to the folder " + file + "/jollyboat: Not a directory");
    }

    @Test
    void aFolderThatNobodyMayWriteTo() {
        // proc refuses folders to everybody, root too
        assertThatExceptionOfType(CliException.class)
                .isThrownBy(() -> Requirements.checkFolders(
                        new ClusterPaths(folder, Path.of("/proc/jolly/data"), folder.resolve("run"))))
                .withMessageStartingWith("cannot write to the folder /proc/jolly/data: ");
    }

    @Test
    void aSocketsPathIsShort() {
        ClusterPaths paths = new ClusterPaths(folder, folder, Path.of("/run", "x".repeat(90)));
        assertThatExceptionOfType(CliException.class)
                .isThrownBy(() -> Requirements.checkSocketPaths(SPEC, paths))
                .withMessageContaining("choose a shorter JOLLY_RUN");
    }
}
