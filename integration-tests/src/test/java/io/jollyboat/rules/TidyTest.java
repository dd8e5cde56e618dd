package io.jollyboat.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules that a compiler does not know, checked on the source text. */
class TidyTest {
    /** Past this a file holds a second thing that deserves a name of its own. */
    private static final int MAX_LINES = 500;

    private static final Path ROOT = Checkout.ROOT;

    /** What only the runtime package may use: everyone else gets time, threads and chance handed in. */
    private static final Map<String, Pattern> RESERVED = Map.of(
            "Instant.now()", Pattern.compile("\\bInstant\\.now\\(\\)"),
            "System.currentTimeMillis()", Pattern.compile("\\bSystem\\.currentTimeMillis\\("),
            "System.nanoTime()", Pattern.compile("\\bSystem\\.nanoTime\\("),
            "Thread.sleep()", Pattern.compile("\\bThread\\.sleep\\("),
            "a clock of the system", Pattern.compile("\\b(Clock|InstantSource)\\.system"),
            "Math.random()", Pattern.compile("\\bMath\\.random\\("),
            "new Thread()", Pattern.compile("\\bnew Thread\\("),
            "Thread.startVirtualThread()", Pattern.compile("\\bThread\\.(startVirtualThread|ofVirtual|ofPlatform)\\("));

    /** Names that say nothing. */
    private static final Pattern EMPTY_NAME =
            Pattern.compile("\\b(?:class|interface|record|enum) (\\w+(?:Utils?|Helper|Impl))\\b");

    @Test
    void timeThreadsAndChanceAreHandedIn() {
        List<String> found = new ArrayList<>();
        for (Path file : sources("src/main/java")) {
            if (file.toString().contains("/io/jollyboat/runtime/")
                    || file.toString().contains("/bench/")) {
                continue;
            }
            eachLine(
                    file,
                    (number, line) -> RESERVED.forEach((what, pattern) -> {
                        if (pattern.matcher(line).find() && !isComment(line)) {
                            found.add(place(file, number) + " uses " + what);
                        }
                    }));
        }
        assertThat(found).as("only io.jollyboat.runtime may use these").isEmpty();
    }

    @Test
    void testsWaitOnConditions() {
        List<String> found = new ArrayList<>();
        for (Path file : sources("src/test/java")) {
            if (file.endsWith("TidyTest.java")) {
                continue;
            }
            eachLine(file, (number, line) -> {
                if (line.contains("Thread.sleep(") && !isComment(line)) {
                    found.add(place(file, number));
                }
            });
        }
        assertThat(found).as("a test that sleeps hopes").isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsFor() {
        assertThat(sources("src/main/java").stream()
                        .map(Path::getParent)
                        .distinct()
                        .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
                        .map(ROOT::relativize))
                .isEmpty();
    }

    @Test
    void filesStayReadable() {
        assertThat(sources("src/main/java").stream()
                        .filter(file -> lines(file).size() > MAX_LINES)
                        .map(ROOT::relativize))
                .as("longer than %d lines", MAX_LINES)
                .isEmpty();
    }

    @Test
    void namesSayWhatThingsAre() {
        List<String> found = new ArrayList<>();
        for (Path file : sources("src/main/java")) {
            eachLine(file, (number, line) -> {
                if (EMPTY_NAME.matcher(line).find() && !isComment(line)) {
                    found.add(place(file, number) + " " + line.strip());
                }
            });
        }
        assertThat(found).isEmpty();
    }

    @Test
    void noUnfinishedMarks() {
        List<String> found = new ArrayList<>();
        Pattern marks = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");
        for (Path file : sources("src/main")) {
            eachLine(file, (number, line) -> {
                if (marks.matcher(line).find()) {
                    found.add(place(file, number));
                }
            });
        }
        assertThat(found).isEmpty();
    }

    private static boolean isComment(String line) {
        String text = line.strip();
        return text.startsWith("//") || text.startsWith("*") || text.startsWith("/*");
    }

    private static String place(Path file, int number) {
        return ROOT.relativize(file) + ":" + number;
    }

    private interface LineVisitor {
        void visit(int number, String line);
    }

    private static void eachLine(Path file, LineVisitor visitor) {
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            visitor.visit(i + 1, lines.get(i));
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> sources(String folder) {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.toList()) {
                Path sources = module.resolve(folder);
                if (Files.isDirectory(sources)) {
                    try (Stream<Path> tree = Files.walk(sources)) {
                        tree.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(files).as("sources below " + ROOT).isNotEmpty();
        return files;
    }
}
