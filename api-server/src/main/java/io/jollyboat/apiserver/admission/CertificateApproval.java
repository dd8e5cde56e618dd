package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.certificates.v1.CertificateSigningRequest;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;

/** Whoever approves or denies a certificate request must be allowed to {@code approve} for its signer. */
public final class CertificateApproval implements AdmissionPlugin {
    private final SignerPermission permission;

    public CertificateApproval(SignerPermission permission) {
        this.permission = permission;
    }

    @Override
    public String name() {
        return "CertificateApproval";
    }

    @Override
    public void validate(AdmissionRequest request, Message object) {
        if (request.operation() != Operation.UPDATE
                || !request.subresource().equals("approval")
                || !(request.old() instanceof CertificateSigningRequest old)) {
            return;
        }
        String signer = old.getSpec().getSignerName();
        if (!permission.allows(request.user(), "approve", signer)) {
            throw new Refusal(request, object)
                    .because("user not permitted to approve requests with signerName \"" + signer + "\"");
        }
    }
}
