package io.jollyboat.apiserver;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.CertificateAuthority;
import io.jollyboat.tls.CertificateRequest;
import io.jollyboat.tls.Pem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An HTTPS server that reviews are posted to, and the kubeconfig that leads there. */
final class ReviewServer implements AutoCloseable {
    private final HttpsServer server;
    private final CertificateAuthority authority;
    private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
    private final List<String> credentials = new CopyOnWriteArrayList<>();

    /** The status of the answer; null to fail with the code. */
    private volatile Function<JsonNode, ObjectNode> answers = review -> null;

    private volatile int code = 500;

    ReviewServer() throws GeneralSecurityException, IOException {
        Instant now = SystemRuntime.instance().now();
        authority = CertificateAuthority.create("reviewers", now, Duration.ofDays(1));
        KeyPair pair = CertificateAuthority.newKeyPair();
        X509Certificate certificate = authority.sign(
                CertificateRequest.server("reviewer", List.of("127.0.0.1")), pair.getPublic(), now, Duration.ofDays(1));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("reviewer", pair.getPrivate(), new char[0], new X509Certificate[] {certificate});
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(store, new char[0]);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/review", exchange -> {
            JsonNode review = RestClient.JSON.readTree(exchange.getRequestBody().readAllBytes());
            asked.add(review);
            credentials.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            ObjectNode status = answers.apply(review);
            byte[] bytes = status == null
                    ? "broken".getBytes(StandardCharsets.UTF_8)
                    : RestClient.JSON.writeValueAsBytes(((ObjectNode) review.deepCopy()).set("status", status));
            exchange.getResponseHeaders().set("Content-Type", status == null ? "text/plain" : "application/json");
            exchange.sendResponseHeaders(status == null ? code : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    void answer(Function<JsonNode, ObjectNode> with) {
        answers = with;
    }

    void fail(int with) {
        code = with;
        answers = review -> null;
    }

    List<JsonNode> asked() {
        return asked;
    }

    List<String> credentials() {
        return credentials;
    }

    /** @param user of the kubeconfig, in YAML's flow form */
    Path kubeconfig(Path folder, String user) throws IOException {
        String ca = Base64.getEncoder()
                .encodeToString(Pem.encode(authority.certificate()).getBytes(StandardCharsets.US_ASCII));
        return Files.writeString(
                folder.resolve("reviewer-" + server.getAddress().getPort() + ".yaml"),
                "apiVersion: v1\nkind: Config\ncurrent-context: here\n"
                        + "contexts: [{name: here, context: {cluster: reviewer, user: server}}]\n"
                        + "clusters: [{name: reviewer, cluster: {server: \"https://127.0.0.1:"
                        + server.getAddress().getPort() + "/review\", certificate-authority-data: " + ca + "}}]\n"
                        + "users: [{name: server, user: " + user + "}]\n");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
