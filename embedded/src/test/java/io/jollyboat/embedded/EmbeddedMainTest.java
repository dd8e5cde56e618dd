package io.jollyboat.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cluster as a process in the foreground, as {@code up --embedded} starts it. */
class EmbeddedMainTest {
    @Test
    void itsContextStandsInTheKubeconfigWhileItRuns(@TempDir Path folder) throws Exception {
        Path kubeconfig = folder.resolve("kubeconfig");
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EmbeddedMain.class.getName(),
                        "1",
                        "test",
                        kubeconfig.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> Files.readString(output).contains("kubectl uses the context test in " + kubeconfig));
            assertThat(kubeconfig).content().contains("current-context: test", "server: https://127.0.0.1:");
            process.destroy(); // SIGTERM
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(kubeconfig).content().doesNotContain("test", "https://");
    }
}
