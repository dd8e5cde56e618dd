package io.jollyboat.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.Selection;
import io.jollyboat.kinds.Kinds;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The tool against a server in this JVM: every figure comes out, and nothing stays behind. */
class BenchMainTest {
    @TempDir
    private Path folder;

    @Test
    void measuresAndCleansUp() throws Exception {
        Path json = folder.resolve("figures.jsonl");
        try (EmbeddedApiServer server = EmbeddedApiServer.start()) {
            StringWriter errors = new StringWriter();
            int code = BenchMain.commandLine()
                    .setErr(new PrintWriter(errors))
                    .execute(
                            "objects",
                            "lists",
                            "watches",
                            "--kubeconfig=" + server.kubeconfig(),
                            "--json=" + json,
                            "--runs=1",
                            "--seconds=0.2",
                            "--pods=50",
                            "--process=self=" + ProcessHandle.current().pid());
            assertThat(code).as(errors.toString()).isZero();

            ApiClient client = server.adminClient();
            assertThat(client.list(Kinds.of(Pod.class), "", Selection.ALL).items())
                    .isEmpty();
            assertThat(client.list(Kinds.of(Node.class), "", Selection.ALL).items())
                    .isEmpty();
            assertThat(client.list(Kinds.of(Namespace.class), "", Selection.ALL).items())
                    .extracting(n -> n.getMetadata().getName())
                    .containsExactlyInAnyOrder("default", "kube-node-lease", "kube-public", "kube-system");
        }
        List<String> lines = Files.readAllLines(json);
        assertThat(lines).hasSize(4 * 3 + 4 + 2);
        for (String name : List.of("create", "get", "update", "delete")) {
            for (int inFlight : new int[] {1, 16, 64}) {
                assertThat(lines)
                        .anySatisfy(line -> assertThat(line)
                                .startsWith("{\"figure\":\"" + name + "\",\"inFlight\":" + inFlight + ",\"value\":")
                                .contains("\"unit\":\"1/s\"", "\"p99Millis\":", "\"cpuMillis.self\":"));
            }
        }
        assertThat(lines).filteredOn(l -> l.contains("\"list p50\"")).hasSize(4);
        assertThat(lines)
                .filteredOn(l -> l.contains("\"watch p50\""))
                .allSatisfy(line -> assertThat(line).contains("\"missing\":0.000"));
    }

    @Test
    void aServerThatIsNotThereIsOneLine() throws Exception {
        Path kubeconfig = folder.resolve("config");
        Files.writeString(kubeconfig, """
                current-context: c
                contexts: [{name: c, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
                users: [{name: u, user: {token: t}}]
                """);
        StringWriter errors = new StringWriter();
        CommandLine line = BenchMain.commandLine().setErr(new PrintWriter(errors));
        assertThat(line.execute("objects", "--kubeconfig=" + kubeconfig)).isEqualTo(1);
        assertThat(errors.toString())
                .contains("bench: ")
                .containsIgnoringCase("refused")
                .hasLineCount(1);

        StringWriter group = new StringWriter();
        assertThat(BenchMain.commandLine()
                        .setErr(new PrintWriter(group))
                        .execute("scheduling", "--process=scheduler=0", "--kubeconfig=" + kubeconfig))
                .isEqualTo(1);
        assertThat(group.toString()).contains("--process scheduler=0: no such process");

        StringWriter socket = new StringWriter();
        assertThat(BenchMain.commandLine()
                        .setErr(new PrintWriter(socket))
                        .execute("pods", "--runtime-socket=/nowhere/containerd.sock", "--kubeconfig=" + kubeconfig))
                .isEqualTo(1);
        assertThat(socket.toString()).contains("--runtime-socket /nowhere/containerd.sock: there is no such socket");

        StringWriter missing = new StringWriter();
        assertThat(BenchMain.commandLine()
                        .setErr(new PrintWriter(missing))
                        .execute("--kubeconfig=" + kubeconfig, "--context=other"))
                .isEqualTo(1);
        assertThat(missing.toString()).contains("no \"other\" among its contexts");
    }
}
