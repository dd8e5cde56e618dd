package io.jollyboat.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that others wrote, on one cluster of real processes; the main job, which kills these, comes last. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClientsTest {
    private static final String IMAGE = "jollyboat/web:1";

    private static LocalCluster cluster;

    @BeforeAll
    static void up() throws Exception {
        MainJobTest.onlyWhereItCanRun();
        cluster = new LocalCluster();
        assertThat(cluster.up(1)).contains("ready: kubectl uses the context");
    }

    @AfterAll
    static void down() throws Exception {
        if (cluster != null) {
            cluster.close();
            assertThat(cluster.traces()).isEmpty();
        }
    }

    @Test
    @Order(1)
    void fabric8() throws Exception {
        try (Fabric8Job job = new Fabric8Job(cluster.kubeconfig())) {
            job.run();
        }
    }

    @Test
    @Order(1)
    void streamsOfClientJava() throws Exception {
        try (ClientJavaStreams streams = new ClientJavaStreams(cluster.kubeconfig(), IMAGE)) {
            streams.run();
        }
    }

    /** With the library that {@code ./test} fetched. */
    @Test
    @Order(1)
    void streamsOfClientNode(@TempDir Path folder) throws Exception {
        String clients = System.getenv().getOrDefault("JOLLY_CLIENTS", "");
        Path libraries = Path.of(clients, "node", "node_modules");
        assumeTrue(
                !clients.isEmpty() && Files.isDirectory(libraries),
                () -> "no client for Node in \"" + clients + "\" (JOLLY_CLIENTS)");
        // A module is looked for beside the file that asks for it.
        Path link = Files.createSymbolicLink(folder.resolve("node_modules"), libraries);
        Path tests = folder.resolve("streams.test.mjs");
        Path output = folder.resolve("output");
        Files.copy(Path.of("src/test/node/streams.test.mjs"), tests);
        ProcessBuilder node = cluster.client(List.of("node", "--test", "--test-reporter=tap", tests.toString()));
        node.environment().put("IMAGE", IMAGE);
        Process process = node.redirectOutput(output.toFile()).start();
        try {
            assertThat(process.waitFor(3, TimeUnit.MINUTES))
                    .as(() -> text(output))
                    .isTrue();
            assertThat(process.exitValue()).as(() -> text(output)).isZero();
            assertThat(text(output)).contains("# pass 7", "# fail 0");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            Files.delete(link);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Order(2)
    @ParameterizedTest(name = "kubectl {0}")
    @MethodSource("versions")
    void kubectl(String version) throws Exception {
        try (KubectlWalk walk = new KubectlWalk(cluster, version, program(version, "kubectl"))) {
            walk.run();
        }
    }

    @Order(3)
    @ParameterizedTest(name = "custom resources, kubectl {0}")
    @MethodSource("versions")
    void customResources(String version) throws Exception {
        try (CustomResourceWalk walk = new CustomResourceWalk(cluster, version, program(version, "kubectl"))) {
            walk.run();
        }
    }

    @Order(4)
    @ParameterizedTest(name = "helm of kubectl {0}")
    @ValueSource(strings = {"1.20", "1.35"})
    void helm(String version) throws Exception {
        try (HelmWalk walk = new HelmWalk(cluster, version, program(version, "helm"))) {
            walk.run();
        }
    }

    /** Those that {@code ./test} fetches, and what else is there. */
    static Set<String> versions() throws IOException {
        Set<String> versions = new TreeSet<>(List.of("1.20", "1.27", "1.35"));
        Path folder = Path.of(System.getenv().getOrDefault("JOLLY_CLIENTS", ""));
        if (Files.isDirectory(folder)) {
            try (Stream<Path> children = Files.list(folder)) {
                children.map(child -> child.getFileName().toString())
                        .filter(name -> name.matches("1\\.\\d\\d"))
                        .forEach(versions::add);
            }
        }
        return versions;
    }

    private static Path program(String version, String name) {
        String folder = System.getenv().getOrDefault("JOLLY_CLIENTS", "");
        Path program = Path.of(folder, version, name, name);
        assumeTrue(
                !folder.isEmpty() && Files.isExecutable(program),
                () -> "no " + name + " of " + version + " in \"" + folder + "\" (JOLLY_CLIENTS)");
        return program;
    }

    @Test
    @Order(5)
    void mainJobOnOneHost() throws Exception {
        MainJobTest.deploymentBehindAServiceFromBirthToDeath(cluster, 1);
    }
}
