package io.jollyboat.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A client program of some version, with a folder and a namespace of its own. */
final class ClientProgram implements AutoCloseable {
    private final LocalCluster cluster;
    private final Path program;
    private final String namespace;
    private final Path folder;

    ClientProgram(LocalCluster cluster, Path program, String namespace) throws IOException {
        this.cluster = cluster;
        this.program = program;
        this.namespace = namespace;
        this.folder = Files.createTempDirectory("client");
    }

    Path folder() {
        return folder;
    }

    String namespace() {
        return namespace;
    }

    /** What it printed; it must have succeeded. */
    String run(String... arguments) throws Exception {
        Answer answer = answer("", arguments);
        assertThat(answer.code())
                .as("%s %s: %s", program, String.join(" ", arguments), answer.text())
                .isZero();
        return answer.text();
    }

    Answer answer(String input, String... arguments) throws Exception {
        Path file = Files.createTempFile(folder, "output", "");
        Process process = start(file, arguments);
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        boolean ended = process.waitFor(90, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        String text = Files.readString(file).strip();
        return new Answer(ended ? process.exitValue() : -1, text);
    }

    /** Left running; what it prints goes to the file. */
    Process start(Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString(), "--namespace", namespace));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = cluster.client(command).directory(folder.toFile());
        builder.environment().put("HOME", folder.toString());
        return builder.redirectOutput(output.toFile()).start();
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** @param code the exit code; -1 when it did not end in time */
    record Answer(int code, String text) {}
}
