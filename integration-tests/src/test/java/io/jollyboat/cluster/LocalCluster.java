package io.jollyboat.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.rules.Checkout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real cluster of its own, beside whatever runs on this machine: own names, ranges, ports and folders. */
final class LocalCluster implements AutoCloseable {
    private static final String NAME = "jolly-test";

    private final Path root = Checkout.ROOT;
    private final Path folder;
    private final Map<String, String> environment;

    LocalCluster() throws IOException {
        this(Map.of());
    }

    /** @param more of the environment of {@code jolly} */
    LocalCluster(Map<String, String> more) throws IOException {
        folder = Files.createTempDirectory("jolly-test");
        environment = new HashMap<>(more);
        environment.putAll(Map.of(
                "JOLLY_ROOT", root.toString(),
                "JOLLY_CLUSTER", NAME,
                "JOLLY_DATA", folder.resolve("data").toString(),
                "JOLLY_RUN", folder.resolve("run").toString(),
                "KUBECONFIG", kubeconfig().toString()));
    }

    Path kubeconfig() {
        return folder.resolve("kubeconfig");
    }

    /** Without a way out of the machine. */
    String up(int nodes) throws Exception {
        return up("--nodes=" + nodes, "--offline");
    }

    String up(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "up",
                "--node-network=10.91.0",
                "--pod-cidr=10.201.0.0/16",
                "--service-cidr=10.97.0.0/16",
                "--api-port=16443",
                "--grpc-port=16444",
                "--etcd-port=12379"));
        arguments.addAll(List.of(more));
        return jolly(arguments.toArray(String[]::new));
    }

    /** Runs the command and demands success; answers what it printed. */
    String jolly(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                Files.readString(root.resolve("dist/target/classpath")).replace("\n", ":"),
                "io.jollyboat.cli.JollyMain"));
        command.addAll(List.of(arguments));
        return run(240, command);
    }

    String kubectl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(List.of(arguments));
        return run(150, command);
    }

    /** A client of the cluster that the caller starts and watches. */
    ProcessBuilder client(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder;
    }

    /** What the command said inside a container, whatever its exit code. */
    String execute(String where, String... command) throws Exception {
        List<String> whole =
                new ArrayList<>(List.of("sh", "-c", "kubectl \"$@\" 2>&1 || true", "sh", "exec", where, "--"));
        whole.addAll(List.of(command));
        return run(60, whole);
    }

    private String run(int seconds, List<String> command) throws Exception {
        Path output = Files.createTempFile(folder, "output", "");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        String text = Files.readString(output, StandardCharsets.UTF_8).strip();
        assertThat(ended && process.exitValue() == 0)
                .as("%s: %s", String.join(" ", command.subList(Math.max(0, command.size() - 6), command.size())), text)
                .isTrue();
        return text;
    }

    /** Kills a component as a crash would. */
    void kill(String component) throws IOException {
        List<String> pids =
                Files.readAllLines(folder.resolve("run").resolve(NAME).resolve(component + ".pid"));
        ProcessHandle.of(Long.parseLong(pids.get(1))).orElseThrow().destroyForcibly();
    }

    Path data() {
        return folder.resolve("data");
    }

    /** What on this machine carries the cluster's name: processes, mounts, namespaces, links, cgroups. */
    List<String> traces() throws IOException {
        List<String> found = new ArrayList<>(Traces.processes(process -> {
            String line = Traces.read(process, "cmdline");
            boolean ours = line.contains(folder + "/") || line.contains("/run/netns/" + NAME + "-");
            return ours && !line.contains("kubectl");
        }));
        found.addAll(Traces.inKernel(NAME, folder));
        try (Stream<String> routes = Files.lines(Path.of("/proc/net/route"))) {
            // 10.91.0.0, 10.201.0.0, 10.97.0.0 in the kernel's byte order
            routes.filter(r -> r.contains("00005B0A") || r.contains("0000C90A") || r.contains("0000610A"))
                    .forEach(r -> found.add("route " + r));
        }
        return found;
    }

    @Override
    public void close() throws Exception {
        try {
            jolly("down");
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
