package io.jollyboat.apiserver.authn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.apiserver.auth.Credentials;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.CertificateAuthority;
import io.jollyboat.tls.CertificateRequest;
import io.jollyboat.tls.Pem;
import io.jollyboat.tls.PrivateFiles;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrontProxyAuthenticatorTest {
    private static final Instant NOW = SystemRuntime.instance().now();

    @TempDir
    private Path folder;

    private final CertificateAuthority authority =
            CertificateAuthority.create("front-proxy-ca", NOW, Duration.ofDays(10));
    private FrontProxyAuthenticator authenticator;

    @BeforeEach
    void build() {
        Path ca = folder.resolve("ca.crt");
        PrivateFiles.writePublic(ca, Pem.encode(authority.certificate()));
        authenticator = new FrontProxyAuthenticator(
                new FrontProxyConfig(
                        ca,
                        List.of("front-proxy-client"),
                        List.of("X-User", "X-Remote-User"),
                        List.of(),
                        List.of(),
                        null),
                SystemRuntime.instance());
    }

    private List<X509Certificate> proxy(CertificateAuthority signer, String name) {
        return List.of(signer.sign(
                CertificateRequest.client(name),
                CertificateAuthority.newKeyPair().getPublic(),
                NOW,
                Duration.ofDays(1)));
    }

    private static List<Map.Entry<String, String>> headers(String... pairs) {
        return java.util.stream.IntStream.range(0, pairs.length / 2)
                .mapToObj(i -> Map.entry(pairs[2 * i], pairs[2 * i + 1]))
                .toList();
    }

    @Test
    void headersOfTheProxyNameTheUser() throws Unauthenticated {
        Credentials credentials = new Credentials(
                proxy(authority, "front-proxy-client"),
                null,
                headers(
                        "x-remote-user", "jane",
                        "x-remote-uid", "u-1",
                        "X-Remote-Group", "devs",
                        "x-remote-group", "ops",
                        "X-Remote-Extra-Example.com%2fScope", "a",
                        "x-remote-extra-example.com%2Fscope", "b"));
        assertThat(authenticator.authenticate(credentials))
                .contains(new UserInfo(
                        "jane", "u-1", List.of("devs", "ops"), Map.of("example.com/scope", List.of("a", "b"))));
        Credentials both =
                new Credentials(credentials.chain(), null, headers("X-Remote-User", "jane", "X-User", "joe"));
        assertThat(authenticator.authenticate(both).orElseThrow().name()).isEqualTo("joe");
    }

    @Test
    void nobodyIsNamedWithoutHeaderOrCertificate() throws Unauthenticated {
        assertThat(authenticator.authenticate(new Credentials(List.of(), null, headers("X-Remote-User", "jane"))))
                .isEmpty();
        assertThat(authenticator.authenticate(new Credentials(
                        proxy(authority, "front-proxy-client"), null, headers("X-Remote-Group", "devs"))))
                .isEmpty();
    }

    @Test
    void othersAreNotBelieved() {
        assertThatThrownBy(() -> authenticator.authenticate(
                        new Credentials(proxy(authority, "somebody"), null, headers("X-Remote-User", "jane"))))
                .isInstanceOf(Unauthenticated.class)
                .hasMessage("x509: subject with cn=somebody is not in the allowed list");
        CertificateAuthority other = CertificateAuthority.create("front-proxy-ca", NOW, Duration.ofDays(1));
        assertThatThrownBy(() -> authenticator.authenticate(
                        new Credentials(proxy(other, "front-proxy-client"), null, headers("X-Remote-User", "jane"))))
                .isInstanceOf(Unauthenticated.class);
    }
}
