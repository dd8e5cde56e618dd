package io.jollyboat.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jollyboat.clients.Programs.Ended;
import io.jollyboat.embedded.EmbeddedCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kubernetes' own client for Node: {@code src/test/node}, with the library that {@code ./test} fetched. */
class NodeClientTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @Test
    void clientNode(@TempDir Path folder) throws Exception {
        assumeTrue(Programs.onPath("node"), "no Node to run its client with");
        String clients = System.getenv().getOrDefault("JOLLY_CLIENTS", "");
        Path libraries = Path.of(clients, "node", "node_modules");
        assumeTrue(
                !clients.isEmpty() && Files.isDirectory(libraries),
                () -> "no client for Node in \"" + clients + "\" (JOLLY_CLIENTS)");
        // A module is looked for beside the file that asks for it.
        Path link = Files.createSymbolicLink(folder.resolve("node_modules"), libraries);
        String name = "client.test.mjs";
        Files.copy(Programs.sources("node").resolve(name), folder.resolve(name));
        try (EmbeddedCluster cluster = EmbeddedCluster.start(1)) {
            Ended tests = Programs.run(
                    folder,
                    LIMIT,
                    Map.of("KUBECONFIG", cluster.apiServer().kubeconfig().toString()),
                    List.of("node", "--test", "--test-reporter=tap", name));
            assertThat(tests.code()).as(tests.text()).isZero();
            assertThat(tests.text()).contains("# fail 0").containsPattern("# pass 1[0-9]");
        } finally {
            Files.delete(link);
        }
    }
}
