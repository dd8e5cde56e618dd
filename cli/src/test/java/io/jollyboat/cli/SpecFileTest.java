package io.jollyboat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecFileTest {
    @TempDir
    Path folder;

    @Test
    void comesBackAsItWas() {
        ClusterSpec spec = ClusterSpec.defaults("other", 3);
        SpecFile.write(file(), spec);
        assertThat(SpecFile.read(file())).contains(spec);
        assertThat(folder.toFile().list()).containsExactly("cluster.properties");
    }

    @Test
    void noFileIsNoCluster() {
        assertThat(SpecFile.read(file())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nodes=3           | nodes=           | nodes:  is no number",
                "nodes=3           | nodes=many       | nodes: many is no number",
                "nodes=3           | nodes=900        | --nodes 900",
                "apiPort=6443      | apiPortt=6443    | the key apiPort is missing",
                "network=10.90.0   | network=10.90.   | --node-network 10.90.",
                "name=other        | name=\\u00zz     | Malformed",
            })
    void brokenFilesAreNamed(String good, String bad, String message) throws IOException {
        SpecFile.write(file(), ClusterSpec.defaults("other", 3));
        Files.writeString(file(), Files.readString(file()).replace(good, bad));
        assertBroken(message);
    }

    @Test
    void aHalfWrittenFileIsBroken() throws IOException {
        SpecFile.write(file(), ClusterSpec.defaults("other", 3));
        String text = Files.readString(file());
        Files.writeString(file(), text.substring(0, text.length() / 2));
        assertBroken("is missing");
        Files.writeString(file(), "");
        assertBroken("the key name is missing");
    }

    private void assertBroken(String message) {
        assertThatExceptionOfType(CliException.class)
                .isThrownBy(() -> SpecFile.read(file()))
                .withMessageStartingWith(file() + " is broken (")
                .withMessageContaining(message)
                .withMessageEndingWith("./jolly down");
    }

    private Path file() {
        return folder.resolve("cluster.properties");
    }
}
