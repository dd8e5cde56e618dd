package io.jollyboat.apiserver.storage;

import static org.awaitility.Awaitility.await;

import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.Pki;
import io.jollyboat.tls.TlsFiles;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** An etcd of its own for a test: a local process that answers, its data in a temporary folder, gone when closed. */
public final class EtcdFixture implements AutoCloseable {
    private static final Duration START_DEADLINE = Duration.ofSeconds(60);

    private final Path folder;
    private final int clientPort;
    private final int peerPort;
    private final Pki pki;
    private Process process;

    private EtcdFixture(boolean tls) throws IOException {
        folder = Files.createTempDirectory("jollyboat-etcd");
        clientPort = freePort();
        peerPort = freePort();
        pki = tls ? new Pki(folder.resolve("pki"), InstantSource.system()) : null;
        if (tls) {
            pki.init(List.of(), List.of());
        }
    }

    public static EtcdFixture plain() {
        return start(false);
    }

    /** With certificates on both sides, made by the cluster's own PKI code. */
    public static EtcdFixture tls() {
        return start(true);
    }

    /** Whether there is an etcd to start; {@code JOLLY_ETCD} names one that is not on the path. */
    public static boolean available() {
        return Files.isExecutable(Path.of(binary()));
    }

    private static EtcdFixture start(boolean tls) {
        try {
            EtcdFixture etcd = new EtcdFixture(tls);
            etcd.startProcess();
            return etcd;
        } catch (IOException e) {
            throw new UncheckedIOException("etcd does not start", e);
        }
    }

    public EtcdConfig config() {
        return EtcdConfig.of(List.of("127.0.0.1:" + clientPort), tlsFiles());
    }

    /** Null without TLS. */
    public TlsFiles tlsFiles() {
        return pki == null ? null : pki.apiServerEtcdClient();
    }

    public EtcdStore open() {
        return EtcdStore.open(config(), SystemRuntime.instance());
    }

    /** Ends the process at once; its data stay. */
    public void kill() {
        process.destroyForcibly();
        join();
    }

    /** Starts it again after {@link #kill}, with its data. */
    public void restart() {
        try {
            startProcess();
        } catch (IOException e) {
            throw new UncheckedIOException("etcd does not start again", e);
        }
    }

    /** As a disk that was replaced, while it does not run. */
    public void eraseData() {
        delete(folder.resolve("data"));
    }

    /** Holds the process as a machine that hangs does: connections stay, no answer comes. */
    public void pause() {
        signal("STOP");
    }

    public void resume() {
        signal("CONT");
    }

    @Override
    public void close() {
        // A stopped process dies of this too.
        kill();
        delete(folder);
    }

    private static void delete(Path top) {
        try (Stream<Path> files = Files.walk(top)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot be removed: " + top, e);
        }
    }

    private void startProcess() throws IOException {
        String scheme = pki == null ? "http" : "https";
        List<String> command = new ArrayList<>(List.of(
                binary(),
                "--data-dir=" + folder.resolve("data"),
                "--listen-client-urls=" + scheme + "://127.0.0.1:" + clientPort,
                "--advertise-client-urls=" + scheme + "://127.0.0.1:" + clientPort,
                "--listen-peer-urls=http://127.0.0.1:" + peerPort,
                "--initial-advertise-peer-urls=http://127.0.0.1:" + peerPort,
                "--initial-cluster=default=http://127.0.0.1:" + peerPort,
                "--unsafe-no-fsync"));
        if (pki != null) {
            TlsFiles server = pki.etcdServer();
            command.add("--cert-file=" + server.certificate());
            command.add("--key-file=" + server.key());
            command.add("--trusted-ca-file=" + server.authorities());
            command.add("--client-cert-auth");
        }
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
        await().atMost(START_DEADLINE).until(this::answers);
    }

    private boolean answers() {
        if (!process.isAlive()) {
            throw new IllegalStateException("etcd ended; its output: " + output());
        }
        try (EtcdStore store = open()) {
            return store.currentRevision().join() > 0;
        } catch (CompletionException e) {
            return false;
        }
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    private void signal(String name) {
        try {
            int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill -" + name + " failed with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void join() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("etcd does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static String binary() {
        return System.getenv().getOrDefault("JOLLY_ETCD", "/usr/bin/etcd");
    }

    /**
     * Below those that the kernel gives to clients: a client that keeps trying a dead server's port may else be given
     * that very port, and talk to itself.
     */
    private static int freePort() throws IOException {
        while (true) {
            int port = SystemRuntime.instance().random().nextInt(15_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException ignored) {
                // taken; the next may be free
            }
        }
    }
}
