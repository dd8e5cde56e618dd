package io.jollyboat.apiserver.facts;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Recordings of what an upstream server answered, where they are at hand. */
public final class Facts {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Facts() {}

    /** The lines of a recording; skips the test where there is none. */
    public static List<JsonNode> lines(String name) {
        Optional<Path> file = find(name);
        assumeTrue(file.isPresent(), () -> "no recording " + name + ": set JOLLY_FACTS to the folder of the facts");
        try {
            List<JsonNode> lines = new ArrayList<>();
            for (String line : Files.readAllLines(file.orElseThrow())) {
                if (!line.isBlank()) {
                    lines.add(MAPPER.readTree(line));
                }
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> find(String name) {
        Map<String, String> environment = System.getenv();
        if (environment.containsKey("JOLLY_FACTS")) {
            return existing(Path.of(environment.get("JOLLY_FACTS"), "upstream", name));
        }
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Optional<Path> file =
                    existing(folder.resolve("shared/facts/upstream").resolve(name));
            if (file.isPresent()) {
                return file;
            }
        }
        return Optional.empty();
    }

    private static Optional<Path> existing(Path path) {
        return Files.exists(path) ? Optional.of(path) : Optional.empty();
    }
}
