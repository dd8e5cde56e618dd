package io.jollyboat.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.runtime.SystemRuntime;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real handshakes over loopback. */
class TlsContextsTest {
    // Handshakes check validity against the machine's clock.
    private static final Instant NOW = SystemRuntime.instance().now();

    @TempDir
    Path folder;

    private Pki pki;

    @BeforeEach
    void makePki() {
        pki = new Pki(folder, () -> NOW);
        pki.init(List.of(), List.of());
    }

    @Test
    void bothEndsSeeEachOther() throws Exception {
        Handshake done = handshake(context(pki.apiServer()), context(pki.scheduler()), "localhost", true);
        assertThat(done.clientSeenByServer).contains("CN=system:kube-scheduler");
        assertThat(done.serverSeenByClient).contains("CN=kube-apiserver");
        assertThat(done.protocol).isEqualTo("TLSv1.3");
    }

    @Test
    void refusesServerOfAnotherName() {
        SSLContext server = context(pki.apiServer());
        SSLContext client = context(pki.scheduler());
        assertThatThrownBy(() -> handshake(server, client, "elsewhere.example", true))
                .hasMessageContaining("elsewhere.example");
    }

    @Test
    void refusesToWorkWithoutNameCheck() {
        SSLContext server = context(pki.apiServer());
        SSLContext client = context(pki.scheduler());
        assertThatThrownBy(() -> handshake(server, client, "localhost", false))
                .hasMessageContaining("does not check the server's name");
    }

    @Test
    void refusesServerOfAnotherAuthority() {
        SSLContext server = context(pki.etcdServer());
        SSLContext client = context(pki.scheduler());
        assertThatThrownBy(() -> handshake(server, client, "localhost", true)).isInstanceOf(SSLException.class);
    }

    @Test
    void refusesClientOfAnotherAuthority() {
        SSLContext server = context(pki.apiServer());
        SSLContext client = context(pki.apiServerEtcdClient().withAuthorities(pki.clusterAuthority()));
        assertThatThrownBy(() -> handshake(server, client, "localhost", true)).isInstanceOf(Exception.class);
    }

    @Test
    void refusesExpiredClient() {
        CertificateAuthority authority = new CertificateAuthority(
                Pem.certificates(pki.clusterAuthority()).getFirst(), Pem.privateKey(pki.clusterAuthorityKey()));
        var pair = CertificateAuthority.newKeyPair();
        X509Certificate old = authority.sign(
                CertificateRequest.client("late"), pair.getPublic(), NOW.minus(Duration.ofDays(3)), Duration.ofDays(1));
        PrivateFiles.writePublic(folder.resolve("late.crt"), Pem.encode(old));
        PrivateFiles.writeSecret(folder.resolve("late.key"), Pem.encode(pair.getPrivate()));
        SSLContext client =
                context(new TlsFiles(folder.resolve("late.crt"), folder.resolve("late.key"), pki.clusterAuthority()));
        assertThatThrownBy(() -> handshake(context(pki.apiServer()), client, "localhost", true))
                .isInstanceOf(Exception.class);
    }

    @Test
    void refusesServingCertificateAsClient() {
        SSLContext client = context(pki.schedulerServing());
        assertThatThrownBy(() -> handshake(context(pki.apiServer()), client, "localhost", true))
                .isInstanceOf(Exception.class);
    }

    @Test
    void rotatedCertificateIsUsedWithoutRestart() throws Exception {
        SSLContext server = context(pki.apiServer());
        SSLContext client = context(pki.scheduler());
        assertThat(handshake(server, client, "localhost", true).clientSeenByServer)
                .contains("kube-scheduler");
        copy("kube-proxy.key", "scheduler.key");
        // Half of a rotation: the old pair stays in use.
        assertThat(handshake(server, client, "localhost", true).clientSeenByServer)
                .contains("kube-scheduler");
        copy("kube-proxy.crt", "scheduler.crt");
        assertThat(handshake(server, client, "localhost", true).clientSeenByServer)
                .contains("kube-proxy");
    }

    @Test
    void namesTheFileThatCannotBeUsed() throws IOException {
        copy("kube-proxy.key", "scheduler.key");
        assertThatThrownBy(() -> new TlsContexts(pki.scheduler()))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("scheduler.key: not the key of");
        Files.writeString(folder.resolve("scheduler.key"), "nonsense");
        assertThatThrownBy(() -> new TlsContexts(pki.scheduler()))
                .hasMessageContaining("scheduler.key: no private key");
        Files.delete(folder.resolve("scheduler.crt"));
        assertThatThrownBy(() -> new TlsContexts(pki.scheduler()))
                .hasMessageContaining("scheduler.crt: cannot be read");
    }

    @Test
    void oldProtocolsAreOff() {
        assertThat(context(pki.apiServer()).getDefaultSSLParameters().getProtocols())
                .containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
    }

    private void copy(String from, String to) throws IOException {
        Files.copy(folder.resolve(from), folder.resolve(to), StandardCopyOption.REPLACE_EXISTING);
    }

    private static SSLContext context(TlsFiles files) {
        return new TlsContexts(files).jdk();
    }

    private record Handshake(String serverSeenByClient, String clientSeenByServer, String protocol) {}

    private static Handshake handshake(SSLContext server, SSLContext client, String name, boolean checkName)
            throws Exception {
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        try (SSLServerSocket listener =
                (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0, 1, loopback)) {
            listener.setNeedClientAuth(true);
            CompletableFuture<String> seen = CompletableFuture.supplyAsync(() -> {
                try (SSLSocket socket = (SSLSocket) listener.accept()) {
                    socket.startHandshake();
                    String peer = socket.getSession().getPeerPrincipal().getName();
                    socket.getOutputStream().write(1);
                    return peer;
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            try (java.net.Socket plain = new java.net.Socket(loopback, listener.getLocalPort());
                    SSLSocket socket = (SSLSocket)
                            client.getSocketFactory().createSocket(plain, name, listener.getLocalPort(), true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm(checkName ? "HTTPS" : "");
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                assertThat(socket.getInputStream().read()).isEqualTo(1);
                return new Handshake(
                        socket.getSession().getPeerPrincipal().getName(),
                        seen.get(60, TimeUnit.SECONDS),
                        socket.getSession().getProtocol());
            }
        } catch (ExecutionException e) {
            throw new SSLException(e.getCause());
        }
    }
}
