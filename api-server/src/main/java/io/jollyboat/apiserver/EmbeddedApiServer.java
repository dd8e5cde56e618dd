package io.jollyboat.apiserver;

import io.jollyboat.apiserver.authn.FrontProxyConfig;
import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.apiserver.storage.MemoryStore;
import io.jollyboat.client.GrpcApiClient;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.Kubeconfigs;
import io.jollyboat.tls.Pki;
import io.jollyboat.tls.TlsContexts;
import io.jollyboat.tls.TlsFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * An API server within a test or a program: data in memory, any free ports on loopback, keys in a temporary folder.
 * Everything else is as in a process, security too.
 *
 * <pre>{@code
 * try (EmbeddedApiServer server = EmbeddedApiServer.start();
 *         ApiClient client = server.client(server.pki().scheduler(), "scheduler")) { … }
 * }</pre>
 */
public final class EmbeddedApiServer implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final Duration READY_DEADLINE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(10);

    private final Runtime runtime;
    private final Path folder;
    private final Pki pki;
    private final KeyValueStore store;
    private final List<AutoCloseable> clients = new ArrayList<>();
    private ApiServer server;
    private ApiServerConfig config;

    private EmbeddedApiServer(Runtime runtime, KeyValueStore store) {
        this.runtime = runtime;
        this.store = store;
        try {
            this.folder = Files.createTempDirectory("jollyboat");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.pki = new Pki(folder, runtime::now);
        pki.init(List.of(HOST), List.of(HOST));
        this.config = new ApiServerConfig(
                HOST,
                0,
                0,
                HOST,
                null,
                tls(pki.apiServer()),
                tls(pki.apiServerKubeletClient()),
                new ApiServerConfig.ServiceAccounts(
                        pki.serviceAccountPrivateKey(), List.of(pki.serviceAccountPublicKey()), null),
                null,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                aggregation(pki),
                Optional.empty());
    }

    private static AggregationConfig aggregation(Pki pki) {
        TlsFiles proxy = pki.frontProxyClient();
        return new AggregationConfig(
                Optional.of(proxy.certificate()),
                Optional.of(proxy.key()),
                Optional.of(FrontProxyConfig.usual(pki.frontProxyAuthority(), "front-proxy-client")));
    }

    /** Starts, and returns when the server is ready: default roles, namespaces and the like are there. */
    public static EmbeddedApiServer start() {
        Runtime runtime = SystemRuntime.instance();
        return start(runtime, new MemoryStore(runtime));
    }

    /** @param store is closed with the server */
    public static EmbeddedApiServer start(Runtime runtime, KeyValueStore store) {
        return start(runtime, store, UnaryOperator.identity());
    }

    /**
     * @param store is closed with the server
     * @param settings from the usual ones to those that are wanted
     */
    public static EmbeddedApiServer start(
            Runtime runtime, KeyValueStore store, UnaryOperator<ApiServerConfig> settings) {
        EmbeddedApiServer embedded = new EmbeddedApiServer(runtime, store);
        try {
            embedded.config = settings.apply(embedded.config);
            embedded.run();
            return embedded;
        } catch (RuntimeException e) {
            embedded.close();
            throw e;
        }
    }

    private void run() {
        server = new ApiServer(config, runtime, store);
        server.start();
        // The same ports again after a restart, so that clients find their way.
        config = config.onPorts(server.port(), server.grpcPort());
        Instant deadline = runtime.now().plus(READY_DEADLINE);
        while (!server.isReady()) {
            if (runtime.now().isAfter(deadline)) {
                throw new IllegalStateException("the API server is not ready after " + READY_DEADLINE);
            }
            pause();
        }
    }

    private void pause() {
        try {
            runtime.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the API server starts", e);
        }
    }

    /** Closes the server and starts another one on the same data and ports, as after a crash. */
    public void restart() {
        server.close();
        run();
    }

    /** Ends the server for now; {@link #restart} brings it back. */
    public void stop() {
        server.close();
    }

    /** A client of the gRPC door under any identity of {@link #pki}; closed with the server at the latest. */
    public GrpcApiClient client(TlsFiles identity, String fieldManager) {
        io.jollyboat.client.ApiServerConfig address = new io.jollyboat.client.ApiServerConfig(
                HOST + ":" + server.grpcPort(), identity.authorities(), identity.certificate(), identity.key());
        GrpcApiClient client = GrpcApiClient.connect(address, fieldManager, runtime);
        clients.add(client);
        return client;
    }

    /** A client of the gRPC door that may do everything. */
    public GrpcApiClient adminClient() {
        return client(pki.admin(), "admin");
    }

    /** Such as {@code https://127.0.0.1:43210}. */
    public String url() {
        return "https://" + HOST + ":" + server.port();
    }

    /** Whether requests are served as they should. */
    public boolean isReady() {
        return server.isReady();
    }

    public int port() {
        return server.port();
    }

    public int grpcPort() {
        return server.grpcPort();
    }

    /** For HTTPS clients with an identity of {@link #pki}. */
    public SSLContext tls(TlsFilesOf identity) {
        return new TlsContexts(identity.files(pki)).jdk();
    }

    /** Chooses an identity. */
    @FunctionalInterface
    public interface TlsFilesOf {
        TlsFiles files(Pki pki);
    }

    /** Writes a kubeconfig for kubectl as administrator. */
    public Path kubeconfig() {
        Path file = folder.resolve("kubeconfig");
        Kubeconfigs.write(file, "embedded", url(), pki.portableAdmin());
        return file;
    }

    /** The cluster's keys and certificates; nodes are added with {@code addNode}. */
    public Pki pki() {
        return pki;
    }

    public KeyValueStore store() {
        return store;
    }

    private static ApiServerConfig.Tls tls(TlsFiles files) {
        return new ApiServerConfig.Tls(files.certificate(), files.key(), files.authorities());
    }

    @Override
    public void close() {
        for (AutoCloseable client : clients) {
            closeQuietly(client);
        }
        if (server != null) {
            server.close();
        }
        store.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void closeQuietly(AutoCloseable client) {
        try {
            client.close();
        } catch (Exception e) {
            throw new IllegalStateException("a client does not close", e);
        }
    }
}
