package io.jollyboat.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell scripts: how {@code deploy/lib.sh} finds or gets a JDK, with scripts in place of JDKs; and shellcheck. */
class ScriptsTest {
    private static final String TOOLS = "/usr/bin:/bin";

    @TempDir
    Path folder;

    private final Map<String, String> environment = new TreeMap<>();

    record Outcome(int code, String javaHome, String errors) {}

    @BeforeEach
    void nothingFromOutside() throws IOException {
        environment.put("PATH", TOOLS);
        environment.put("HOME", Files.createDirectory(folder.resolve("home")).toString());
        environment.put("JOLLY_CACHE", cache().toString());
    }

    @Test
    void javaHomeIsTakenWhenItIsRight() throws Exception {
        environment.put("JAVA_HOME", jdk("given", "25.0.3").toString());
        assertThat(findJdk()).isEqualTo(new Outcome(0, folder.resolve("given").toString(), ""));
    }

    @Test
    void anOldOneOnThePathIsPassedOver() throws Exception {
        environment.put("JAVA_HOME", jdk("old-home", "17.0.1").toString());
        environment.put("PATH", jdk("old", "21.0.2") + "/bin:" + TOOLS);
        environment.put("JVMS", jdk("installed", "25").toString());
        assertThat(findJdk().javaHome()).isEqualTo(folder.resolve("installed").toString());
    }

    @Test
    void aRuntimeWithoutCompilerIsNoJdk() throws Exception {
        Files.delete(jdk("jre", "25").resolve("bin/javac"));
        environment.put("JVMS", folder.resolve("jre") + " " + jdk("full", "25"));
        assertThat(findJdk().javaHome()).isEqualTo(folder.resolve("full").toString());
    }

    @Test
    void theRightArchiveIsUsedAndKept() throws Exception {
        archive(jdk("jdk-25+36", "25"));
        Outcome first = findJdk();
        assertThat(first.errors()).isEmpty();
        assertThat(first.javaHome()).isEqualTo(cache().resolve("jdk-25").toString());
        assertThat(cache().toFile().list()).containsExactly("jdk-25");

        Files.delete(Path.of(environment.get("JOLLY_JDK_ARCHIVE")));
        environment.remove("JOLLY_JDK_SHA256");
        assertThat(findJdk()).as("the second run takes what the first has got").isEqualTo(first);
    }

    @Test
    void aChecksumMayBeInCapitals() throws Exception {
        archive(jdk("jdk", "25"));
        environment.computeIfPresent("JOLLY_JDK_SHA256", (_, sum) -> sum.toUpperCase(java.util.Locale.ROOT));
        assertThat(findJdk().code()).isZero();
    }

    @Test
    void aWrongChecksumIsRefusedAndNothingIsLeft() throws Exception {
        String archive = archive(jdk("jdk", "25"));
        String right = environment.put("JOLLY_JDK_SHA256", "0".repeat(64));
        assertThat(findJdk())
                .isEqualTo(new Outcome(
                        1,
                        "",
                        "jolly: the checksum of " + archive + " is " + right + " and not " + "0".repeat(64)
                                + ": not used"));
        assertThat(cache()).isEmptyDirectory();
    }

    @Test
    void anArchiveWithoutChecksumIsRefused() throws Exception {
        String archive = archive(jdk("jdk", "25"));
        environment.remove("JOLLY_JDK_SHA256");
        assertThat(findJdk())
                .isEqualTo(new Outcome(1, "", "jolly: JOLLY_JDK_SHA256 must give the checksum of " + archive));
    }

    @Test
    void anArchiveThatIsNotThere() throws Exception {
        environment.put("JOLLY_JDK_ARCHIVE", "/nowhere/jdk.tar.gz");
        environment.put("JOLLY_JDK_SHA256", "0".repeat(64));
        assertThat(findJdk()).isEqualTo(new Outcome(1, "", "jolly: cannot read JOLLY_JDK_ARCHIVE /nowhere/jdk.tar.gz"));
        assertThat(cache()).isEmptyDirectory();
    }

    @Test
    void anArchiveOfAnotherRelease() throws Exception {
        String archive = archive(jdk("jdk", "21.0.1"));
        assertThat(findJdk()).isEqualTo(new Outcome(1, "", "jolly: " + archive + " holds no JDK 25"));
        assertThat(cache()).isEmptyDirectory();
    }

    @Test
    void anArchiveThatIsNone() throws Exception {
        Path file = Files.writeString(folder.resolve("jdk.tar.gz"), "<html>Sorry</html>");
        environment.put("JOLLY_JDK_ARCHIVE", file.toString());
        environment.put("JOLLY_JDK_SHA256", sha256(file));
        assertThat(findJdk()).isEqualTo(new Outcome(1, "", "jolly: cannot unpack " + file));
        assertThat(cache()).isEmptyDirectory();
    }

    @Test
    void withoutAWritableHomeTheCheckoutKeepsTheJdk() throws Exception {
        archive(jdk("jdk", "25"));
        environment.put("JOLLY_CACHE", "/proc/nothing");
        Outcome outcome = findJdk();
        assertThat(outcome.errors()).isEmpty();
        assertThat(outcome.javaHome()).isEqualTo(folder + "/checkout with space/target/cache/jdk-25");
    }

    @Test
    void aColonInTheCheckoutsPathIsNamed() throws Exception {
        Outcome outcome = run("ROOT='" + folder + "/a:b'; . \"$LIB\"; echo never");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.errors()).contains("/a:b has a colon in its name");
    }

    @Test
    void shellcheckHasNothingToSay() throws Exception {
        Path shellcheck = Path.of("/usr/bin/shellcheck");
        assumeTrue(Files.isExecutable(shellcheck), "no shellcheck here");
        Path root = Checkout.ROOT;
        List<String> command = new ArrayList<>(List.of(shellcheck.toString(), "-x", "jolly", "test", ".ci/run"));
        try (var files = Files.list(root.resolve("deploy"))) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                List<String> lines = Files.readAllLines(file);
                boolean program = !lines.isEmpty() && lines.getFirst().matches("#!/.*sh");
                if (program || file.toString().endsWith(".sh")) {
                    command.add(root.relativize(file).toString());
                }
            }
        }
        assertThat(command).contains("deploy/lib.sh", "deploy/run-forever");
        Process process = new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private Outcome findJdk() throws Exception {
        return run("ROOT='" + folder + "/checkout with space'; . \"$LIB\"; JVM_FOLDERS=($JVMS); "
                // What a distribution or Adoptium has is not this test's to fetch.
                + "apt-cache() { return 1; }; fetch() { return 1; }; find_jdk; printf %s \"$JAVA_HOME\"");
    }

    private Outcome run(String script) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", script)
                .redirectInput(new java.io.File("/dev/null"));
        builder.environment().clear();
        builder.environment().put("JVMS", "");
        builder.environment().putAll(environment);
        builder.environment().put("LIB", Checkout.ROOT.resolve("deploy/lib.sh").toString());
        Path errors = folder.resolve("errors");
        Process process = builder.redirectError(errors.toFile()).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), output, Files.readString(errors).strip());
    }

    /** A folder that looks like a JDK of the release. */
    private Path jdk(String name, String version) throws IOException {
        Path home = folder.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        for (String program : List.of("java", "javac")) {
            Path file = Files.writeString(
                    home.resolve("bin").resolve(program),
                    "#!/bin/sh\necho 'openjdk version \"" + version + "\" 2026-01-20' >&2\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        return home;
    }

    /** Packs the JDK, takes it away, and names archive and checksum in the environment. */
    private String archive(Path jdk) throws Exception {
        Path file = folder.resolve("archive.tar.gz");
        shell("tar -C '" + folder + "' -czf '" + file + "' '" + jdk.getFileName() + "' && rm -r '" + jdk + "'");
        environment.put("JOLLY_JDK_ARCHIVE", file.toString());
        environment.put("JOLLY_JDK_SHA256", sha256(file));
        return file.toString();
    }

    private static String sha256(Path file) throws Exception {
        return shell("sha256sum <'" + file + "'").split(" ")[0];
    }

    private static String shell(String script) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", script).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output;
    }

    private Path cache() {
        return folder.resolve("cache");
    }
}
