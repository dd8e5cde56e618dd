package io.jollyboat.apiserver.facts;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Recordings of what an upstream server answered, and facts about it; the project does not carry them. A test that asks
 * for one that is not at hand is skipped.
 */
public final class Facts {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Facts() {}

    /** A recording. */
    public static Path recording(String name) {
        return file("upstream/" + name);
    }

    /** The lines of a recording. */
    public static List<JsonNode> lines(String name) {
        return read(recording(name))
                .lines()
                .filter(line -> !line.isBlank())
                .map(JSON::readTree)
                .toList();
    }

    /** A recording that is one document. */
    public static JsonNode document(String name) {
        return JSON.readTree(read(recording(name)));
    }

    /** The steps of a recorded dialogue. */
    public static JsonNode dialogue(String name) {
        return lines("dialogues.jsonl").stream()
                .filter(dialogue -> dialogue.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow()
                .path("steps");
    }

    /** Rows of a table, without its head. */
    public static List<String> rows(String name) {
        return read(file(name)).lines().skip(1).toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path file(String name) {
        Optional<Path> file = find(name);
        assumeTrue(file.isPresent(), () -> "there is no " + name + ": set JOLLY_FACTS to the folder of the facts");
        return file.orElseThrow();
    }

    private static Optional<Path> find(String name) {
        String configured = System.getenv("JOLLY_FACTS");
        if (configured != null) {
            return Optional.of(Path.of(configured, name)).filter(Files::exists);
        }
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path file = folder.resolve("shared/facts").resolve(name);
            if (Files.exists(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }
}
