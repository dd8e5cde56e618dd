package io.jollyboat.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jollyboat.rules.Checkout;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code up} when it cannot be, or is ended: a clear message, exit code 1, and nothing half-started left. */
class BadLuckTest {
    private static final String NAME = "jolly-luck";

    @TempDir
    Path folder;

    private final Map<String, String> environment = new TreeMap<>();

    record Outcome(int code, String output, String errors) {}

    @BeforeEach
    void asRootWithAllPrograms() {
        assumeTrue(System.getProperty("user.name").equals("root"), "not root: a cluster needs network namespaces");
        String path = System.getenv("PATH") + ":/usr/sbin:/sbin";
        for (String program : List.of("containerd", "runc", "etcd", "nft", "ip", "conntrack", "busybox", "catatonit")) {
            assumeTrue(
                    Stream.of(path.split(":")).anyMatch(f -> Files.isExecutable(Path.of(f, program))),
                    "not installed: " + program);
        }
        environment.put("PATH", path);
        environment.put("JOLLY_ROOT", Checkout.ROOT.toString());
        environment.put("JOLLY_CLUSTER", NAME);
        environment.put("JOLLY_DATA", folder.resolve("data").toString());
        environment.put("JOLLY_RUN", folder.resolve("run").toString());
        environment.put("KUBECONFIG", folder.resolve("home/kubeconfig").toString());
    }

    @Test
    void aPortInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            String port = Integer.toString(taken.getLocalPort());
            refuses("port " + port + ", for the components' API, is in use on this machine", "--grpc-port=" + port);
        }
    }

    @Test
    void optionsThatAreWrong() throws Exception {
        refuses("Unknown option: '--nodez=3'; did you mean --nodes?", "--nodez=3");
        refuses("Invalid value for option '--nodes': 'many'", "--nodes=many");
        refuses("--service-cidr 10.98.1.0/16: is no first address", "--service-cidr=10.98.1.0/16");
    }

    @Test
    void aFileInPlaceOfTheDataFolder() throws Exception {
        environment.put(
                "JOLLY_DATA", Files.writeString(folder.resolve("file"), "").toString());
        refuses("cannot write to the folder " + folder + "/file/" + NAME + ": Not a directory");
    }

    @Test
    void aKubeconfigThatIsNone() throws Exception {
        Path file = Files.writeString(folder.resolve("config"), "apiVersion: [");
        environment.put("KUBECONFIG", file.toString());
        refuses("your kubeconfig: " + file + ": not a kubeconfig, left as it is");
        assertThat(file).hasContent("apiVersion: [");
    }

    @Test
    void aDescriptionThatIsBroken() throws Exception {
        Path file = folder.resolve("data").resolve(NAME).resolve("cluster.properties");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "name=" + NAME + "\nnod");
        refuses(file + " is broken (the key nodes is missing)");
        assertThat(jolly("down").code()).isZero();
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void aComponentThatDiesAtOnce() throws Exception {
        Path etcd = Files.createDirectories(folder.resolve("bin")).resolve("etcd");
        Files.writeString(etcd, "#!/bin/sh\necho no luck today\nexit 1\n");
        assertThat(etcd.toFile().setExecutable(true)).isTrue();
        environment.put("PATH", etcd.getParent() + ":" + environment.get("PATH"));
        Outcome outcome = jolly("up");
        assertThat(outcome.code()).as(outcome.toString()).isEqualTo(1);
        assertThat(outcome.errors()).startsWith("jolly: ").contains("etcd", "no luck today");
        assertThat(traces()).isEmpty();
    }

    @Test
    void toldToEndInTheMiddle() throws Exception {
        Process up = upWithProcesses();
        up.destroy();
        assertThat(up.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(up.exitValue()).isNotZero();
        assertThat(traces()).isEmpty();
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void killedInTheMiddle() throws Exception {
        Process up = upWithProcesses();
        up.destroyForcibly().waitFor();
        assertThat(traces()).as("what the killed one left").isNotEmpty();
        Outcome down = jolly("down");
        assertThat(down.code()).as(down.toString()).isZero();
        assertThat(traces()).isEmpty();
        assertThat(folder.resolve("data")).doesNotExist();
    }

    /** An {@code up} that has started its processes and is not ready yet. */
    private Process upWithProcesses() throws Exception {
        Path output = Files.createTempFile(folder, "output", "");
        Path errors = Files.createTempFile(folder, "errors", "");
        Process up = start(output, errors, "up");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> !up.isAlive() || Files.readString(output).contains("processes started"));
        assertThat(up.isAlive()).as(Files.readString(errors)).isTrue();
        return up;
    }

    private void refuses(String message, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("up"));
        arguments.addAll(List.of(options));
        Outcome outcome = jolly(arguments.toArray(String[]::new));
        assertThat(outcome.code()).as(outcome.toString()).isEqualTo(1);
        assertThat(outcome.errors()).hasLineCount(1).startsWith("jolly: " + message);
        assertThat(traces()).isEmpty();
    }

    private Outcome jolly(String... arguments) throws Exception {
        Path output = Files.createTempFile(folder, "output", "");
        Path errors = Files.createTempFile(folder, "errors", "");
        Process process = start(output, errors, arguments);
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).as(String.join(" ", arguments)).isTrue();
        return new Outcome(
                process.exitValue(),
                Files.readString(output),
                Files.readString(errors).strip());
    }

    private Process start(Path output, Path errors, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "io.jollyboat.cli.JollyMain"));
        command.addAll(List.of(arguments));
        if (arguments[0].equals("up")) {
            Stream.of(
                            "--node-network=10.89.0",
                            "--pod-cidr=10.199.0.0/16",
                            "--service-cidr=10.98.0.0/16",
                            "--api-port=17443",
                            "--grpc-port=17444",
                            "--etcd-port=17379",
                            "--offline")
                    .filter(option ->
                            Stream.of(arguments).noneMatch(argument -> argument.startsWith(option.split("=")[0] + "=")))
                    .forEach(command::add);
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** What on this machine carries the cluster's name or folder. */
    private List<String> traces() throws IOException {
        List<String> found = new ArrayList<>(
                Traces.processes(process -> Traces.read(process, "environ").contains("JOLLY_PROCESS=" + folder)));
        found.addAll(Traces.inKernel(NAME, folder));
        if (Files.exists(folder.resolve("run"))) {
            found.add("folder " + folder.resolve("run"));
        }
        return found;
    }
}
