package io.jollyboat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/run-forever} and what finds its processes again, with shells in place of components. */
class SupervisionTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final List<String> LIVES_ON = List.of("sleep", "1000");

    @TempDir
    Path folder;

    private ClusterPaths paths;
    private ManagedProcess process;

    @BeforeAll
    static void onlyOnLinux() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setsid")), "no setsid here");
    }

    @BeforeEach
    void makeFolders() throws IOException {
        paths = new ClusterPaths(root(), folder.resolve("data"), folder.resolve("run"));
        Files.createDirectories(paths.data());
        process = new ManagedProcess(paths, "thing");
    }

    @AfterEach
    void endAll() {
        await().atMost(LIMIT).until(() -> {
            Marks.below(paths.run()).forEach(ProcessHandle::destroyForcibly);
            return Marks.below(paths.run()).isEmpty();
        });
    }

    @Test
    void comesBackAfterItsDeath() {
        process.start(LIVES_ON, Map.of());
        ProcessHandle first = running();
        first.destroyForcibly();
        await().atMost(LIMIT).until(() -> process.process().filter(p -> p.pid() != first.pid()), Optional::isPresent);
        assertThat(process.failure()).as("one death is no failure").isEmpty();
    }

    @Test
    void stopEndsBoth() {
        process.start(LIVES_ON, Map.of());
        running();
        process.requestStop();
        await().atMost(LIMIT).until(() -> Marks.below(paths.run()).isEmpty());
        assertThat(paths.pidFile("thing")).doesNotExist();
    }

    @Test
    void givesUpOnWhatNeverRuns() {
        process.start(List.of("sh", "-c", "echo 'thing: no such key'; exit 1"), Map.of());
        await().atMost(LIMIT)
                .until(() -> process.supervisor().isEmpty() && !givenUp().isEmpty());
        assertThat(givenUp()).startsWith("gave up: code 1");
        assertThat(process.failure())
                .hasValueSatisfying(text -> assertThat(text)
                        .startsWith("thing cannot run: no such key (all of its log: " + paths.log("thing")));
    }

    @Test
    void aCrashLoopIsAFailureButGoesOn() {
        process.start(List.of("sh", "-c", "echo 'panic: broken'; exit 2"), Map.of());
        await().atMost(LIMIT).until(() -> process.failure().isPresent());
        assertThat(process.failure().orElseThrow()).startsWith("thing cannot run: panic: broken");
        assertThat(process.supervisor()).isPresent();
    }

    @Test
    void aLostSupervisorsProcessMakesWayForTheNext() {
        process.start(LIVES_ON, Map.of());
        ProcessHandle orphan = running();
        process.supervisor().orElseThrow().destroyForcibly();
        await().atMost(LIMIT).until(() -> process.supervisor().isEmpty());
        assertThat(orphan.isAlive()).isTrue();
        assertThat(Marks.below(paths.run())).containsExactly(orphan);

        process.start(LIVES_ON, Map.of());
        assertThat(running().pid()).isNotEqualTo(orphan.pid());
        await().atMost(LIMIT).until(() -> !orphan.isAlive());
    }

    @Test
    void aPidThatIsSomebodyElsesNowIsLeftAlone() throws Exception {
        Process stranger = new ProcessBuilder(LIVES_ON).start();
        try {
            Files.createDirectories(paths.run());
            Files.writeString(paths.pidFile("thing"), stranger.pid() + "\n" + stranger.pid() + "\n0\n");
            assertThat(process.supervisor()).isEmpty();
            assertThat(process.process()).isEmpty();
            process.requestStop();
            process.awaitStop(1);
            process.start(LIVES_ON, Map.of());
            assertThat(running().pid()).isNotEqualTo(stranger.pid());
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly().waitFor();
        }
    }

    @Test
    void aHalfWrittenPidFileIsNoProcess() throws IOException {
        Files.createDirectories(paths.run());
        for (String text : List.of("", "12", "x\ny\n", "99999999999999999999\n1\n0\n")) {
            Files.writeString(paths.pidFile("thing"), text);
            assertThat(process.process()).as(text).isEmpty();
            assertThat(process.failure()).as(text).isEmpty();
        }
    }

    @Test
    void logsStaySmall() throws IOException {
        Path logs = Files.createDirectories(paths.logs());
        Files.writeString(logs.resolve("big.log"), "a".repeat(900) + "END\n");
        Files.writeString(logs.resolve("small.log"), "small\n");
        String keeper = root().resolve("deploy/keep-logs-small").toString();
        process.start(List.of(keeper, logs.toString(), "500", "1"), Map.of());
        await().atMost(LIMIT).until(() -> Files.size(logs.resolve("big.log")) == 0);
        assertThat(logs.resolve("big.log.1")).content().hasSize(500).endsWith("aaaEND\n");
        assertThat(logs.resolve("small.log")).hasContent("small\n");
    }

    private ProcessHandle running() {
        return await().atMost(LIMIT)
                .until(process::process, Optional::isPresent)
                .orElseThrow();
    }

    private String givenUp() {
        try {
            return Files.readString(paths.pidFile("thing"));
        } catch (IOException e) {
            return "";
        }
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("jolly"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
