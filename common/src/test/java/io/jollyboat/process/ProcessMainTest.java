package io.jollyboat.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs a process of its own, as users do. */
class ProcessMainTest {
    @TempDir
    Path folder;

    record Config(String mode, Path marker) {}

    /** Does what its configuration says. */
    public static final class Sample {
        public static void main(String[] args) {
            ProcessMain.run("sample", args, Config.class, (config, context) -> {
                switch (config.mode()) {
                    case "bind" -> throw new BindException("127.0.0.1:1: Address already in use");
                    case "fatal" -> context.fatal().accept("lost the lease");
                    case "broken" -> throw new StartException("no containerd at /run/x.sock");
                    default -> Files.writeString(config.marker(), "up");
                }
                return () -> Files.writeString(config.marker(), "closed");
            });
        }
    }

    private record Result(int code, List<String> complaints) {}

    private Process launch(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Sample.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private Result run(String... args) throws Exception {
        Process process = launch(args);
        List<String> lines = process.inputReader().readAllLines();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(
                process.exitValue(),
                lines.stream()
                        .filter(l -> l.startsWith("sample: ") || l.startsWith("usage"))
                        .toList());
    }

    private String config(String text) throws IOException {
        return Files.writeString(folder.resolve("sample.yaml"), text).toString();
    }

    @Test
    void wrongConfigurationIsOneLineEach() throws Exception {
        String file = config("mod: x\n");
        assertThat(run("--config", file))
                .isEqualTo(new Result(
                        1,
                        List.of(
                                "sample: " + file + ": mod: unknown key, did you mean \"mode\"?",
                                "sample: " + file + ": mode: is required",
                                "sample: " + file + ": marker: is required")));
    }

    @Test
    void aFailedStartIsOneLine() throws Exception {
        assertThat(run("--config", config("{mode: bind, marker: m}")))
                .isEqualTo(new Result(1, List.of("sample: cannot listen: 127.0.0.1:1: Address already in use")));
        assertThat(run("--config", config("{mode: broken, marker: m}")))
                .isEqualTo(new Result(1, List.of("sample: no containerd at /run/x.sock")));
        assertThat(run("--conf")).isEqualTo(new Result(1, List.of("usage: sample --config FILE")));
    }

    @Test
    void aFatalErrorClosesAndFails() throws Exception {
        assertThat(run("--config", config("{mode: fatal, marker: m}")))
                .isEqualTo(new Result(1, List.of("sample: lost the lease")));
        assertThat(folder.resolve("m")).hasContent("closed");
    }

    @Test
    void sigtermClosesInOrder() throws Exception {
        Process process = launch("--config", config("{mode: run, marker: m}"));
        for (String line = ""; !line.contains("started process=sample"); ) {
            line = process.inputReader().readLine();
            assertThat(line).isNotNull();
        }
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(folder.resolve("m")).hasContent("closed");
    }
}
