package io.jollyboat.controllers.certificates;

import io.jollyboat.api.certificates.v1.CertificateSigningRequest;
import io.jollyboat.api.certificates.v1.CertificateSigningRequestCondition;
import io.jollyboat.values.Times;
import java.time.Instant;

/** The conditions of a request. */
final class Conditions {
    static final String APPROVED = "Approved";
    static final String DENIED = "Denied";
    static final String FAILED = "Failed";

    private Conditions() {}

    static boolean has(CertificateSigningRequest request, String type) {
        return request.getStatus().getConditionsList().stream()
                .anyMatch(condition -> condition.getType().equals(type));
    }

    static CertificateSigningRequest with(
            CertificateSigningRequest request, String type, String reason, String message, Instant now) {
        CertificateSigningRequest.Builder changed = request.toBuilder();
        changed.getStatusBuilder()
                .addConditions(CertificateSigningRequestCondition.newBuilder()
                        .setType(type)
                        .setStatus("True")
                        .setReason(reason)
                        .setMessage(message)
                        .setLastUpdateTime(Times.time(now))
                        .setLastTransitionTime(Times.time(now)));
        return changed.build();
    }
}
