package io.jollyboat.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jollyboat.clients.Programs.Ended;
import io.jollyboat.embedded.EmbeddedCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * client-go and controller-runtime, which controllers and operators are made of: the programs in {@code src/test/go}, each
 * of its tests being one here. Skipped where there is no Go, or nowhere to get the libraries from.
 */
class GoLibrariesTest {
    private static final Duration FETCHING = Duration.ofMinutes(2);
    private static final Duration BUILDING = Duration.ofMinutes(10);
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    private static Path folder;

    private static Path suite;
    private static EmbeddedCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Programs.onPath("go"), "no Go to run client-go with");
        Path sources = Programs.sources("go");
        Ended fetched = Programs.run(sources, FETCHING, Map.of(), List.of("go", "mod", "download"));
        assumeTrue(fetched.well(), () -> "client-go cannot be fetched: " + fetched.reason());
        suite = folder.resolve("suite");
        Ended built = Programs.run(
                sources,
                BUILDING,
                Map.of(),
                List.of("go", "test", "-c", "-ldflags=-s -w", "-o", suite.toString(), "."));
        assertThat(built.code()).as(built.text()).isZero();
        cluster = EmbeddedCluster.start(2);
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> tests() throws Exception {
        Map<String, String> environment = Map.of(
                "KUBECONFIG",
                cluster.apiServer().kubeconfig().toString(),
                // The library then lists what a watch began with a second time, and ends the program if they differ.
                "KUBE_WATCHLIST_INCONSISTENCY_DETECTOR",
                "true");
        Ended list = run(environment, "-test.list=.");
        assertThat(list.code()).as(list.text()).isZero();
        assertThat(list.text().lines()).hasSizeGreaterThan(20);
        return list.text()
                .lines()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    Ended test = run(environment, "-test.run=^" + name + "$", "-test.timeout=150s");
                    assertThat(test.code()).as(test.text()).isZero();
                }));
    }

    private static Ended run(Map<String, String> environment, String... arguments) throws Exception {
        return Programs.run(
                folder,
                LIMIT,
                environment,
                Stream.concat(Stream.of(suite.toString()), Stream.of(arguments)).toList());
    }
}
