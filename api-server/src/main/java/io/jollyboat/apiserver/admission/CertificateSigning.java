package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.certificates.v1.CertificateSigningRequest;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;

/** Whoever writes a certificate or a verdict into a request's status must be allowed to {@code sign} for its signer. */
public final class CertificateSigning implements AdmissionPlugin {
    private final SignerPermission permission;

    public CertificateSigning(SignerPermission permission) {
        this.permission = permission;
    }

    @Override
    public String name() {
        return "CertificateSigning";
    }

    @Override
    public void validate(AdmissionRequest request, Message object) {
        if (request.operation() != Operation.UPDATE
                || !request.subresource().equals("status")
                || !(request.old() instanceof CertificateSigningRequest old)
                || !(object instanceof CertificateSigningRequest updated)
                || updated.getStatus().equals(old.getStatus())) {
            return;
        }
        String signer = old.getSpec().getSignerName();
        if (!permission.allows(request.user(), "sign", signer)) {
            throw new Refusal(request, object)
                    .because("user not permitted to sign requests with signerName \"" + signer + "\"");
        }
    }
}
