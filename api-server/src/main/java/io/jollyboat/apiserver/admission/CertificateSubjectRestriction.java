package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.certificates.v1.CertificateSigningRequest;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import io.jollyboat.tls.SigningRequests;
import io.jollyboat.tls.TlsException;

/** Nobody becomes a member of system:masters by a certificate request. */
public final class CertificateSubjectRestriction implements AdmissionPlugin {
    private static final String MASTERS = "system:masters";

    @Override
    public String name() {
        return "CertificateSubjectRestriction";
    }

    @Override
    public void validate(AdmissionRequest request, Message object) {
        if (request.operation() != Operation.CREATE
                || !request.subresource().isEmpty()
                || !(object instanceof CertificateSigningRequest wanted)
                || !wanted.getSpec().getSignerName().equals(SigningRequests.CLIENT)) {
            return;
        }
        Refusal refusal = new Refusal(request, object);
        try {
            byte[] pem = wanted.getSpec().getRequest().toByteArray();
            if (SigningRequests.parse(pem).organizations().contains(MASTERS)) {
                throw refusal.because(
                        "use of " + SigningRequests.CLIENT + " signer with " + MASTERS + " group is not allowed");
            }
        } catch (TlsException e) {
            throw refusal.because("failed to parse CSR: " + e.getMessage());
        }
    }
}
