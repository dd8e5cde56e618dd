package io.jollyboat.apiserver.policy;

import io.jollyboat.apiserver.admission.AdmissionRequest;

/** What no policy is asked about. */
final class PolicyScope {
    private PolicyScope() {}

    /** Policies, lest one lock itself in. (Reviews, which upstream leaves out too, do not pass admission here.) */
    static boolean excludes(AdmissionRequest request) {
        return request.type().group().equals("admissionregistration.k8s.io")
                && request.type().kind().contains("AdmissionPolicy");
    }
}
