package io.jollyboat.apiserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an upstream cluster answered; tests that need it are skipped where the recordings are not at hand. */
public final class Facts {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Facts() {}

    private static Path folder() {
        String configured = System.getenv("JOLLY_FACTS");
        return configured != null
                ? Path.of(configured)
                : Path.of("").toAbsolutePath().resolve("../../shared/facts").normalize();
    }

    private static Path file(String name) {
        Path file = folder().resolve("upstream").resolve(name);
        Assumptions.assumeTrue(Files.exists(file), () -> "skipped: no recordings at " + file);
        return file;
    }

    public static List<JsonNode> lines(String name) {
        try {
            return Files.readAllLines(file(name)).stream()
                    .filter(line -> !line.isBlank())
                    .map(JSON::readTree)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Rows of a table, without its head. */
    public static List<String> rows(String name) {
        Path file = folder().resolve(name);
        Assumptions.assumeTrue(Files.exists(file), () -> "skipped: no facts at " + file);
        try {
            return Files.readAllLines(file).stream().skip(1).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode document(String name) {
        try {
            return JSON.readTree(Files.readAllBytes(file(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
