package io.jollyboat.apiserver.admission;

import io.jollyboat.api.core.v1.PersistentVolumeClaim;

/** The storage class that a claim names: by the old annotation, or by its field. */
final class ClaimClass {
    static final String ANNOTATION = "volume.beta.kubernetes.io/storage-class";

    private ClaimClass() {}

    static String of(PersistentVolumeClaim claim) {
        return claim.getMetadata()
                .getAnnotationsOrDefault(ANNOTATION, claim.getSpec().getStorageClassName());
    }
}
