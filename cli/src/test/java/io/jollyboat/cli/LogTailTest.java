package io.jollyboat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {
    @TempDir
    Path folder;

    @Test
    void whatTheComponentSaysOfItselfComesFirst() throws IOException {
        assertThat(describe("kubelet-node-1", 0, """
                kubelet: /x/kubelet.yaml: podz: unknown key; did you mean pods?
                Exception in thread "main" java.lang.IllegalStateException
                \tat io.jollyboat.Foo.bar(Foo.java:1)
                run-forever: ended with code 1 after 0 s: nsenter
                """)).isEqualTo("""
                kubelet-node-1 cannot run: /x/kubelet.yaml: podz: unknown key; did you mean pods? (all of its log: %s)
                    kubelet: /x/kubelet.yaml: podz: unknown key; did you mean pods?
                    Exception in thread "main" java.lang.IllegalStateException""".formatted(log()));
    }

    @Test
    void etcdsJsonIsMadeReadable() throws IOException {
        assertThat(describe("etcd", 0, """
                {"level":"info","ts":"2026","caller":"x.go:1","msg":"starting"}
                {"level":"fatal","ts":"2026","caller":"etcd.go:271","msg":"discovery failed","error":"wal: \\"a\\" crc","stacktrace":"x"}
                """))
                .startsWith("etcd cannot run: fatal: discovery failed: wal: \\\"a\\\" crc (all of its log: ");
    }

    @Test
    void olderStartsDoNotCount() throws IOException {
        String old = "etcd: an old sorrow\n";
        assertThat(describe("etcd", old.length(), old)).startsWith("etcd cannot run: it wrote nothing");
        assertThat(describe("etcd", old.length(), old + "new\n")).startsWith("etcd cannot run: new");
    }

    @Test
    void noLogAtAll() {
        assertThat(new LogTail(folder.resolve("none"), 0).describe("etcd")).contains("it wrote nothing");
    }

    private String describe(String name, long start, String text) throws IOException {
        Files.writeString(log(), text);
        return new LogTail(log(), start).describe(name);
    }

    private Path log() {
        return folder.resolve("x.log");
    }
}
