package io.jollyboat.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class KubeconfigsTest {
    private static final String USERS_OWN = """
            apiVersion: v1
            kind: Config
            preferences:
              colors: true
            clusters:
            - name: prod
              cluster:
                server: https://prod.example:6443
                insecure-skip-tls-verify: true
            - name: jollyboat
              cluster:
                server: https://old:1
            contexts:
            - name: prod
              context: {cluster: prod, user: me, namespace: "0123"}
            current-context: prod
            users:
            - name: me
              user:
                exec:
                  apiVersion: client.authentication.k8s.io/v1
                  command: get-token
                  args: ["--yes", "true", "1e3", "on"]
            """;

    @TempDir
    Path folder;

    private final FakeRuntime runtime = new FakeRuntime();
    private final Kubeconfigs kubeconfigs = new Kubeconfigs(runtime);
    private Pki pki;
    private Path file;

    @BeforeEach
    void makePki() {
        pki = new Pki(folder.resolve("pki"), () -> Instant.EPOCH);
        pki.init(List.of(), List.of());
        file = folder.resolve("home/.kube/config");
    }

    @Test
    void createsTheFileWhereThereIsNone() throws IOException {
        kubeconfigs.merge(file, "jollyboat", "https://127.0.0.1:6443", pki.admin());
        JsonNode config = read();
        assertThat(config.path("current-context").asString()).isEqualTo("jollyboat");
        assertThat(config.at("/clusters/0/cluster/server").asString()).isEqualTo("https://127.0.0.1:6443");
        assertThat(config.at("/users/0/user/client-key-data").asString()).isNotEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.exists(Path.of(file + ".lock"))).isFalse();
    }

    @Test
    void keepsEverythingElseThroughMergeAndRemove() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, USERS_OWN);
        JsonNode before = read();
        kubeconfigs.merge(file, "jollyboat", "https://127.0.0.1:6443", pki.admin());
        JsonNode merged = read();
        assertThat(merged.path("current-context").asString()).isEqualTo("jollyboat");
        assertThat(merged.path("clusters")).hasSize(2);
        assertThat(merged.at("/clusters/1/cluster/server").asString()).isEqualTo("https://127.0.0.1:6443");
        assertThat(merged.at("/users/0")).isEqualTo(before.at("/users/0"));
        assertThat(merged.at("/contexts/0")).isEqualTo(before.at("/contexts/0"));
        assertThat(merged.path("preferences")).isEqualTo(before.path("preferences"));
        kubeconfigs.remove(file, "jollyboat");
        JsonNode after = read();
        assertThat(after.path("clusters")).hasSize(1);
        assertThat(after.path("users")).isEqualTo(before.path("users"));
        assertThat(after.path("contexts")).isEqualTo(before.path("contexts"));
        assertThat(after.path("current-context").asString()).isEmpty();
    }

    @Test
    void removeLeavesAnotherCurrentContext() throws IOException {
        kubeconfigs.merge(file, "jollyboat", "https://127.0.0.1:6443", pki.admin());
        kubeconfigs.merge(file, "other", "https://127.0.0.1:7443", pki.admin());
        kubeconfigs.remove(file, "jollyboat");
        assertThat(read().path("current-context").asString()).isEqualTo("other");
    }

    @Test
    void brokenFileIsLeftAsItIs() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{ this is: [not yaml");
        assertThatThrownBy(() -> kubeconfigs.merge(file, "jollyboat", "https://x", pki.admin()))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining(file.toString());
        assertThat(Files.readString(file)).isEqualTo("{ this is: [not yaml");
        assertThat(Files.exists(Path.of(file + ".lock"))).isFalse();
    }

    @Test
    void checkSaysBeforehandWhatMergeWouldRefuse() throws IOException {
        Kubeconfigs.check(file);
        assertThat(file).doesNotExist();
        Files.writeString(file, "text");
        assertThatThrownBy(() -> Kubeconfigs.check(file))
                .hasMessage(file + ": not a kubeconfig, left as it is: it must be a YAML mapping");
        assertThatThrownBy(() -> Kubeconfigs.check(file.resolve("below/config")))
                .hasMessageStartingWith(file.resolve("below") + ": cannot be made");
        Files.writeString(file, USERS_OWN);
        Kubeconfigs.check(file);
        assertThat(Files.readString(file)).isEqualTo(USERS_OWN);
    }

    @Test
    void aDeadProcessHoldsNoLock() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Files.createDirectories(file.getParent());
        Files.writeString(Path.of(file + ".lock"), Long.toString(dead.pid()));
        kubeconfigs.merge(file, "jollyboat", "https://x", pki.admin());
        assertThat(file).exists();
        assertThat(Path.of(file + ".lock")).doesNotExist();
    }

    @Test
    void aHeldLockIsWaitedForAndThenNamed() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(Path.of(file + ".lock"), "");
        assertThatThrownBy(() -> kubeconfigs.merge(file, "jollyboat", "https://x", pki.admin()))
                .hasMessageContaining("config.lock: another program holds the lock");
        assertThat(runtime.nanos).isGreaterThan(Duration.ofSeconds(5).toNanos());
        assertThat(file).doesNotExist();
    }

    private JsonNode read() {
        return new YAMLMapper().readTree(file.toFile());
    }

    /** A clock that only sleeping moves. */
    private static final class FakeRuntime implements Runtime {
        private long nanos;

        @Override
        public Instant now() {
            return Instant.EPOCH.plusNanos(nanos);
        }

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public void sleep(Duration duration) {
            nanos += duration.toNanos();
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Thread start(String name, Runnable body) {
            throw new UnsupportedOperationException();
        }

        @Override
        public RandomGenerator random() {
            return new Random(1);
        }
    }
}
