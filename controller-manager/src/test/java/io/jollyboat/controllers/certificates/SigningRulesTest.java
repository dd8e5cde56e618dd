package io.jollyboat.controllers.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jollyboat.api.certificates.v1.CertificateSigningRequest;
import io.jollyboat.api.certificates.v1.CertificateSigningRequestSpec;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.tls.CertificateAuthority;
import io.jollyboat.tls.SigningRequests;
import io.jollyboat.tls.SigningRequests.Content;
import io.jollyboat.values.Times;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SigningRulesTest {
    private static final PublicKey KEY = CertificateAuthority.newKeyPair().getPublic();
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // signer | CN | O | DNS | IP | usages | refusal
                "kube-apiserver-client-kubelet | system:node:n | system:nodes | '' | '' | digital signature,client auth | ''",
                "kube-apiserver-client-kubelet | system:node:n | system:nodes | '' | '' | key encipherment,digital signature,client auth | ''",
                "kube-apiserver-client-kubelet | system:node:n | system:nodes | '' | '' | digital signature,server auth | usages did not match [client auth digital signature key encipherment]",
                "kube-apiserver-client-kubelet | system:node:n | system:masters | '' | '' | digital signature,client auth | subject organization is not system:nodes",
                "kube-apiserver-client-kubelet | system:node:n | system:nodes,system:masters | '' | '' | digital signature,client auth | subject organization is not system:nodes",
                "kube-apiserver-client-kubelet | root | system:nodes | '' | '' | digital signature,client auth | 'subject common name does not begin with system:node: '",
                "kube-apiserver-client-kubelet | system:node:n | system:nodes | n | '' | digital signature,client auth | DNS subjectAltNames are not allowed",
                "kube-apiserver-client-kubelet | system:node:n | system:nodes | '' | 1.2.3.4 | digital signature,client auth | IP subjectAltNames are not allowed",
                "kubelet-serving | system:node:n | system:nodes | n | '' | digital signature,server auth | ''",
                "kubelet-serving | system:node:n | system:nodes | '' | '' | digital signature,server auth | DNS or IP subjectAltName is required",
                "kubelet-serving | system:node:n | system:nodes | n | '' | digital signature,client auth,server auth | usages did not match [digital signature key encipherment server auth]",
                "kube-apiserver-client | jane | devs | '' | '' | client auth | ''",
                "kube-apiserver-client | jane | devs | '' | '' | digital signature | missing required usage for client certificate: client auth",
                "kube-apiserver-client | jane | devs | '' | '' | client auth,server auth | invalid usage for client certificate: server auth",
                "other | jane | devs | '' | '' | client auth | unrecognized signerName: \"kubernetes.io/other\"",
            })
    void signersSign(
            String signer, String commonName, String groups, String dns, String ips, String usages, String refusal) {
        Content content = new Content(commonName, list(groups), list(dns), list(ips), false, KEY);
        assertThat(SigningRules.refusal("kubernetes.io/" + signer, content, list(usages))
                        .orElse(""))
                .isEqualTo(refusal);
    }

    @Test
    void otherAlternativeNamesAreRefused() {
        Content content = new Content("system:node:n", list("system:nodes"), list("n"), list(""), true, KEY);
        assertThat(SigningRules.refusal(
                        SigningRequests.KUBELET_SERVING, content, list("digital signature,server auth")))
                .contains("URI subjectAltNames are not allowed");
    }

    @ParameterizedTest
    @CsvSource({"0, 31536000", "60, 600", "3600, 3600", "99999999, 31536000"})
    void lifetimesAreBounded(int asked, long seconds) {
        CertificateSigningRequestSpec.Builder spec = CertificateSigningRequestSpec.newBuilder();
        if (asked > 0) {
            spec.setExpirationSeconds(asked);
        }
        assertThat(CsrSigningController.lifetime(spec.build())).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void doneRequestsGoAfterAnHourPendingOnesAfterADay() {
        CertificateSigningRequest pending = CertificateSigningRequest.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setCreationTimestamp(Times.time(NOW)))
                .build();
        assertThat(CsrCleanerController.end(pending)).isEqualTo(NOW.plus(Duration.ofHours(24)));
        CertificateSigningRequest denied = Conditions.with(pending, Conditions.DENIED, "No", "no", NOW);
        assertThat(CsrCleanerController.end(denied)).isEqualTo(NOW.plus(Duration.ofHours(1)));
        CertificateSigningRequest approved = Conditions.with(pending, Conditions.APPROVED, "Yes", "yes", NOW);
        assertThat(CsrCleanerController.end(approved)).isEqualTo(NOW.plus(Duration.ofHours(24)));
        CertificateSigningRequest.Builder issued = approved.toBuilder();
        issued.getStatusBuilder().setCertificate(ByteString.copyFromUtf8("-"));
        assertThat(CsrCleanerController.end(issued.build())).isEqualTo(NOW.plus(Duration.ofHours(1)));
    }

    private static List<String> list(String values) {
        return values.isEmpty() ? List.of() : Arrays.asList(values.split(","));
    }
}
