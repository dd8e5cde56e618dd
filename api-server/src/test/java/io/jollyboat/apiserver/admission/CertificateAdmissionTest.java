package io.jollyboat.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.jollyboat.api.certificates.v1.CertificateSigningRequest;
import io.jollyboat.api.certificates.v1.CertificateSigningRequestSpec;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import io.jollyboat.apiserver.auth.Authorizer.Decision;
import io.jollyboat.apiserver.auth.Authorizer.Verdict;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.CertificateAuthority;
import io.jollyboat.tls.CertificateRequest;
import io.jollyboat.tls.SigningRequests;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateAdmissionTest {
    @ParameterizedTest
    @CsvSource({
        // what the user may, verb, allowed
        "approve kubernetes.io/kube-apiserver-client, approval, true",
        "approve kubernetes.io/*, approval, true",
        "approve example.com/*, approval, false",
        "sign kubernetes.io/kube-apiserver-client, approval, false",
        "sign kubernetes.io/kube-apiserver-client, status, true",
        "approve kubernetes.io/kube-apiserver-client, status, false",
    })
    void verdictsNeedPermissionForTheSigner(String permission, String subresource, boolean allowed) {
        SignerPermission signers = new SignerPermission(attributes -> new Decision(
                (attributes.verb() + " " + attributes.name()).equals(permission) ? Verdict.ALLOW : Verdict.NO_OPINION,
                ""));
        AdmissionChain chain = new AdmissionChain(
                List.of(new CertificateApproval(signers), new CertificateSigning(signers)),
                new Metrics(),
                SystemRuntime.instance());
        CertificateSigningRequest old = request("jane", "devs");
        CertificateSigningRequest.Builder decided = old.toBuilder();
        decided.getStatusBuilder().addConditionsBuilder().setType("Approved").setStatus("True");
        AdmissionRequest write = write(Operation.UPDATE, subresource, old);
        if (allowed) {
            assertThatCode(() -> chain.validate(write, decided.build())).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> chain.validate(write, decided.build()))
                    .hasMessageContaining("requests with signerName \"kubernetes.io/kube-apiserver-client\"");
        }
    }

    @Test
    void nobodyAsksToBeAMaster() {
        CertificateSubjectRestriction plugin = new CertificateSubjectRestriction();
        assertThatCode(() -> plugin.validate(write(Operation.CREATE, "", null), request("jane", "devs")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> plugin.validate(write(Operation.CREATE, "", null), request("jane", "system:masters")))
                .hasMessage("certificatesigningrequests.certificates.k8s.io \"mine\" is forbidden: use of"
                        + " kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed");
    }

    private static AdmissionRequest write(Operation operation, String subresource, CertificateSigningRequest old) {
        return new AdmissionRequest(
                operation,
                new UserInfo("jane", List.of("system:authenticated")),
                Kinds.of(CertificateSigningRequest.class),
                "",
                operation == Operation.CREATE ? "" : "mine",
                subresource,
                old,
                false,
                new ArrayList<>());
    }

    private static CertificateSigningRequest request(String user, String group) {
        byte[] pem = SigningRequests.create(CertificateRequest.client(user, group), CertificateAuthority.newKeyPair());
        return CertificateSigningRequest.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setName("mine"))
                .setSpec(CertificateSigningRequestSpec.newBuilder()
                        .setSignerName(SigningRequests.CLIENT)
                        .setRequest(ByteString.copyFrom(pem)))
                .build();
    }
}
