package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.certificates.v1.CertificateSigningRequest;
import io.jollyboat.api.certificates.v1.CertificateSigningRequestSpec;
import io.jollyboat.api.certificates.v1.ExtraValue;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;

/** Writes into a certificate request who asks, whatever the body says: approvers decide by it. Upstream's strategy. */
public final class CertificateRequester implements AdmissionPlugin {
    @Override
    public String name() {
        return "CertificateRequester";
    }

    @Override
    public Message mutate(AdmissionRequest request, Message object) {
        if (request.operation() != Operation.CREATE || !(object instanceof CertificateSigningRequest wanted)) {
            return object;
        }
        CertificateSigningRequestSpec.Builder spec = wanted.getSpec().toBuilder()
                .setUsername(request.user().name())
                .clearUid()
                .clearGroups()
                .clearExtra()
                .addAllGroups(request.user().groups());
        if (!request.user().uid().isEmpty()) {
            spec.setUid(request.user().uid());
        }
        request.user()
                .extra()
                .forEach((key, values) -> spec.putExtra(
                        key, ExtraValue.newBuilder().addAllItems(values).build()));
        return wanted.toBuilder().setSpec(spec).build();
    }
}
