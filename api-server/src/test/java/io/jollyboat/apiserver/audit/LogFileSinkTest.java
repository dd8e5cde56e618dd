package io.jollyboat.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.SystemRuntime;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class LogFileSinkTest {
    private static final CounterDataPoint LOST = new AuditMetrics(new Metrics()).lost("test");

    @TempDir
    private Path folder;

    @Test
    void setsFullFilesAsideAndKeepsTheNewest() throws IOException {
        Path path = folder.resolve("audit.log");
        try (LogFileSink sink =
                new LogFileSink(new AuditConfig.LogFile(path, 1, 0, 2), 100, LOST, SystemRuntime.instance())) {
            for (int i = 0; i < 40; i++) {
                sink.write(JsonMapper.shared().createObjectNode().put("number", i));
            }
        }
        List<Path> aside;
        try (Stream<Path> files = Files.list(folder)) {
            aside = files.filter(file -> !file.equals(path)).sorted().toList();
        }
        assertThat(aside).hasSize(2).allSatisfy(file -> {
            assertThat(file.getFileName().toString())
                    .matches("audit-\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d\\.\\d{3}\\.log");
            assertThat(Files.size(file)).isLessThanOrEqualTo(100);
        });
        assertThat(Files.readString(path)).endsWith("{\"number\":39}\n");
        assertThat(Files.readAllLines(aside.get(1)).getLast()).startsWith("{\"number\":");
    }

    @Test
    void goesOnWithTheFileThatIsThere() throws IOException {
        Path path = Files.writeString(folder.resolve("audit.log"), "{}\n");
        try (LogFileSink sink =
                new LogFileSink(new AuditConfig.LogFile(path, 1, 0, 0), LOST, SystemRuntime.instance())) {
            sink.write(JsonMapper.shared().createObjectNode());
        }
        assertThat(Files.readString(path)).isEqualTo("{}\n{}\n");
    }
}
