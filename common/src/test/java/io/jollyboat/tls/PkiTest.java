package io.jollyboat.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PkiTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    @TempDir
    Path folder;

    @Test
    void namesFilesLikeKubeadm() throws IOException {
        init(NOW);
        assertThat(contents().keySet())
                .contains(
                        "ca.crt",
                        "ca.key",
                        "etcd/ca.crt",
                        "etcd/server.crt",
                        "front-proxy-ca.crt",
                        "front-proxy-client.key",
                        "apiserver.crt",
                        "apiserver-kubelet-client.crt",
                        "apiserver-etcd-client.key",
                        "sa.key",
                        "sa.pub");
    }

    @Test
    void oneAdministratorHasAKeyThatEveryClientReads() {
        init(NOW);
        TlsFiles admin = pki(NOW).portableAdmin();
        assertThat(Pem.privateKey(admin.key()).getAlgorithm()).isEqualTo("RSA");
        X509Certificate certificate = Pem.certificates(admin.certificate()).getFirst();
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=kubernetes-admin,O=system:masters");
        pki(NOW.plusSeconds(60)).portableAdmin();
        assertThat(Pem.certificates(admin.certificate())).containsExactly(certificate);
    }

    @Test
    void everyKeyIsTheOwnersOnly() throws IOException {
        init(NOW);
        pki(NOW).addNode("n1", List.of("10.90.0.2"));
        int keys = 0;
        for (String file : contents().keySet()) {
            String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(file)));
            if (file.endsWith(".key") || file.endsWith("-current.pem")) {
                keys++;
                assertThat(mode).as(file).isEqualTo("rw-------");
            } else {
                assertThat(mode).as(file).isEqualTo("rw-r--r--");
            }
        }
        assertThat(keys).isEqualTo(17);
    }

    @Test
    void secondInitChangesNothing() throws IOException {
        init(NOW);
        Map<String, String> before = contents();
        init(NOW.plus(Duration.ofDays(100)));
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void damagedLeafIsMadeAnewAndNothingElse() throws IOException {
        init(NOW);
        Map<String, String> before = contents();
        Files.writeString(folder.resolve("scheduler.crt"), "no certificate");
        Files.writeString(folder.resolve("apiserver.key"), "");
        init(NOW);
        assertThat(changed(before))
                .containsExactlyInAnyOrder("scheduler.crt", "scheduler.key", "apiserver.crt", "apiserver.key");
    }

    @Test
    void missingLeafIsMadeAnewAndNothingElse() throws IOException {
        init(NOW);
        Map<String, String> before = contents();
        Files.delete(folder.resolve("scheduler.crt"));
        init(NOW);
        assertThat(changed(before)).containsExactly("scheduler.crt", "scheduler.key");
    }

    @Test
    void furtherNameMakesTheServingCertificatesAnew() throws Exception {
        init(NOW);
        pki(NOW).init(List.of("10.90.0.1"), List.of());
        assertThat(names(folder.resolve("apiserver.crt"))).contains("10.90.0.1", "10.96.0.1", "kubernetes.default.svc");
    }

    @Test
    void leafNearItsEndIsMadeAnew() throws IOException {
        init(NOW);
        Map<String, String> before = contents();
        init(NOW.plus(Duration.ofDays(300)));
        assertThat(changed(before)).contains("apiserver.crt", "admin.key").doesNotContain("ca.crt", "ca.key", "sa.key");
    }

    @Test
    void leafOfAnotherAuthorityIsMadeAnew(@TempDir Path other) throws Exception {
        init(NOW);
        new Pki(other, () -> NOW).init(List.of(), List.of());
        for (String file : List.of("admin.crt", "admin.key")) {
            Files.copy(other.resolve(file), folder.resolve(file), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        init(NOW);
        X509Certificate admin = Pem.certificates(folder.resolve("admin.crt")).getFirst();
        admin.verify(Pem.certificates(folder.resolve("ca.crt")).getFirst().getPublicKey());
    }

    @Test
    void lostAuthorityKeyIsAnErrorNotANewAuthority() throws IOException {
        init(NOW);
        Files.delete(folder.resolve("ca.key"));
        assertThatThrownBy(() -> init(NOW))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("ca.key: missing")
                .hasMessageContaining("ca.crt");
    }

    @Test
    void certificatesCarryTheIdentities() throws Exception {
        init(NOW);
        pki(NOW).addNode("n1", List.of("10.90.0.2"));
        assertThat(subject("admin.crt")).isEqualTo("CN=kubernetes-admin,O=system:masters");
        assertThat(subject("scheduler.crt")).isEqualTo("CN=system:kube-scheduler");
        assertThat(subject("controller-manager.crt")).isEqualTo("CN=system:kube-controller-manager");
        assertThat(subject("kube-proxy.crt")).isEqualTo("CN=system:kube-proxy");
        assertThat(subject("nodes/n1/kubelet-client-current.pem")).isEqualTo("CN=system:node:n1,O=system:nodes");
        assertThat(names(folder.resolve("nodes/n1/kubelet.crt"))).contains("n1", "10.90.0.2");
        assertThat(Pem.certificates(folder.resolve("admin.crt")).getFirst().getExtendedKeyUsage())
                .containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(Pem.certificates(folder.resolve("apiserver.crt")).getFirst().getExtendedKeyUsage())
                .containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(Pem.certificates(folder.resolve("admin.crt")).getFirst().getBasicConstraints())
                .isEqualTo(-1);
    }

    private void init(Instant now) {
        pki(now).init(List.of(), List.of());
    }

    private Pki pki(Instant now) {
        return new Pki(folder, () -> now);
    }

    private String subject(String file) {
        return Pem.certificates(folder.resolve(file))
                .getFirst()
                .getSubjectX500Principal()
                .getName();
    }

    private static List<String> names(Path file) throws Exception {
        return Pem.certificates(file).getFirst().getSubjectAlternativeNames().stream()
                .map(name -> String.valueOf(name.get(1)))
                .toList();
    }

    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(folder.relativize(file).toString(), Files.readString(file));
            }
        }
        return contents;
    }

    private List<String> changed(Map<String, String> before) throws IOException {
        return contents().entrySet().stream()
                .filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
                .map(Map.Entry::getKey)
                .toList();
    }
}
