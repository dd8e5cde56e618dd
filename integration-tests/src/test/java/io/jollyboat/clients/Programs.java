package io.jollyboat.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs programs of other languages. */
final class Programs {
    private Programs() {}

    /** Where this module's other test sources are, such as {@code go}. */
    static Path sources(String language) {
        Path folder = Path.of("src/test", language).toAbsolutePath();
        assertThat(folder).isDirectory();
        return folder;
    }

    static boolean onPath(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Ends the program if it takes too long. */
    static Ended run(Path folder, Duration limit, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("program", ".log");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            boolean inTime = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!inTime) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            String text = Files.readString(output).strip();
            return inTime ? new Ended(process.exitValue(), text) : new Ended(-1, text + "\nnot ended after " + limit);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    /** @param code the exit code; -1 when it did not end in time */
    record Ended(int code, String text) {
        boolean well() {
            return code == 0;
        }

        /** The last line, which mostly says why. */
        String reason() {
            return text.substring(text.lastIndexOf('\n') + 1);
        }
    }
}
