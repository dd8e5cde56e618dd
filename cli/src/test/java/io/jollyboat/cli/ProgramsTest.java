package io.jollyboat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramsTest {
    private static final List<String> ALL = List.of(
            "containerd",
            "ctr",
            "runc",
            "etcd",
            "nft",
            "ip",
            "nsenter",
            "setsid",
            "mount",
            "conntrack",
            "busybox",
            "catatonit",
            "apt-get");

    @TempDir
    Path folder;

    private Path bin;
    private Path cni;
    private final List<String> commands = new ArrayList<>();
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    @BeforeEach
    void everythingIsThere() throws IOException {
        bin = Files.createDirectory(folder.resolve("bin"));
        cni = Files.createDirectory(folder.resolve("cni"));
        for (String program : ALL) {
            program(bin.resolve(program));
        }
        for (String plugin : List.of("bridge", "host-local", "loopback", "portmap")) {
            program(cni.resolve(plugin));
        }
    }

    @Test
    void nothingIsMissing() {
        ensure(_ -> new Shell.Result(100, "not to be called"));
        assertThat(commands).isEmpty();
        assertThat(shown.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "containerd, containerd",
        "etcd, etcd-server",
        "nft, nftables",
        "runc, runc",
        "ip, iproute2",
        "catatonit, catatonit",
    })
    void namesTheProgramAndThePackageWithoutApt(String program, String debianPackage) throws IOException {
        Files.delete(bin.resolve("apt-get"));
        Files.delete(bin.resolve(program));
        assertThatExceptionOfType(CliException.class)
                .isThrownBy(() -> ensure(_ -> new Shell.Result(0, "")))
                .withMessageStartingWith("not installed: " + program)
                .withMessageContaining("Debian packages " + debianPackage + ":")
                .withMessageEndingWith("install them by hand");
        assertThat(commands).isEmpty();
    }

    @Test
    void pluginsAreLookedForToo() throws IOException {
        Files.delete(bin.resolve("apt-get"));
        Files.delete(cni.resolve("portmap"));
        assertThatExceptionOfType(CliException.class)
                .isThrownBy(() -> ensure(_ -> new Shell.Result(0, "")))
                .withMessageContaining("CNI plugins (bridge, host-local, loopback, portmap in one of " + cni)
                .withMessageContaining("containernetworking-plugins");
    }

    @Test
    void installsAndSaysSo() throws IOException {
        Files.delete(bin.resolve("etcd"));
        ensure(command -> {
            program(bin.resolve("etcd"));
            return new Shell.Result(0, "");
        });
        assertThat(commands).containsExactly("apt-get install -y --no-install-recommends etcd-server");
        assertThat(shown.toString(StandardCharsets.UTF_8)).contains("installing etcd-server");
    }

    @Test
    void aptThatCannotGivesItsReason() throws IOException {
        Files.delete(bin.resolve("etcd"));
        assertThatExceptionOfType(CliException.class)
                .isThrownBy(() -> ensure(command -> command.contains("update")
                        ? new Shell.Result(0, "")
                        : new Shell.Result(100, "Reading…\nE: Unable to locate package etcd-server\nE: more\n")))
                .withMessage("apt-get could not install etcd-server: Unable to locate package etcd-server: "
                        + "install them by hand");
        assertThat(commands)
                .as("once more, with fresh lists")
                .containsExactly(
                        "apt-get install -y --no-install-recommends etcd-server",
                        "apt-get update",
                        "apt-get install -y --no-install-recommends etcd-server");
    }

    @Test
    void installedButStillNotThere() throws IOException {
        Files.delete(bin.resolve("etcd"));
        assertThatExceptionOfType(CliException.class)
                .isThrownBy(() -> ensure(_ -> new Shell.Result(0, "")))
                .withMessageContaining("still there is no etcd");
    }

    private void ensure(Function<List<String>, Shell.Result> apt) {
        Function<List<String>, Shell.Result> recording = command -> {
            commands.add(String.join(" ", command));
            return apt.apply(command);
        };
        new Programs(List.of("", bin.toString()), List.of(cni.toString()), recording)
                .ensure(new Progress(new PrintStream(shown, true, StandardCharsets.UTF_8)));
    }

    private static void program(Path file) {
        try {
            Files.writeString(file, "#!/bin/sh\n");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
