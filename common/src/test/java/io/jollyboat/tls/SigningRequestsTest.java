package io.jollyboat.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SigningRequestsTest {
    private final KeyPair pair = CertificateAuthority.newKeyPair();

    @Test
    void saysWhatWasAskedFor() {
        CertificateRequest wanted = new CertificateRequest(
                "system:node:n,1=x\\y",
                List.of("system:nodes"),
                List.of("n1", "10.90.0.2"),
                Set.of(CertificateRequest.Usage.SERVER));
        SigningRequests.Content content = SigningRequests.parse(SigningRequests.create(wanted, pair));
        assertThat(content.commonName()).isEqualTo("system:node:n,1=x\\y");
        assertThat(content.organizations()).containsExactly("system:nodes");
        assertThat(content.dnsNames()).containsExactly("n1");
        assertThat(content.addresses()).containsExactly("10.90.0.2");
        assertThat(content.otherNames()).isFalse();
        assertThat(content.key()).isEqualTo(pair.getPublic());
    }

    @Test
    void refusesWhatTheKeyDidNotSign() {
        byte[] request = SigningRequests.create(CertificateRequest.client("system:node:n1", "system:nodes"), pair);
        byte[] der = Pem.firstBlock("CERTIFICATE REQUEST", new String(request, StandardCharsets.US_ASCII));
        byte[] name = "system:node:n1".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < der.length - name.length; i++) {
            if (new String(der, i, name.length, StandardCharsets.ISO_8859_1).equals("system:node:n1")) {
                der[i + name.length - 1] = '2';
            }
        }
        byte[] forged = Pem.encode("CERTIFICATE REQUEST", der).getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> SigningRequests.parse(forged)).hasMessageContaining("signature does not hold");
        assertThatThrownBy(() -> SigningRequests.parse(new byte[] {1, 2, 3}))
                .hasMessage("PEM block type must be CERTIFICATE REQUEST");
    }
}
