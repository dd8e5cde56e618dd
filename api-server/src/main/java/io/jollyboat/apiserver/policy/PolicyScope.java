package io.jollyboat.apiserver.policy;

import io.jollyboat.apiserver.admission.AdmissionRequest;

/** What no policy is asked about. */
final class PolicyScope {
    private PolicyScope() {}

    /** Policies, lest one lock itself in, and what is asked to find out who somebody is and what he may. */
    static boolean excludes(AdmissionRequest request) {
        return switch (request.type().group()) {
            case "admissionregistration.k8s.io" -> request.type().kind().contains("AdmissionPolicy");
            case "authentication.k8s.io", "authorization.k8s.io" -> true;
            default -> false;
        };
    }
}
