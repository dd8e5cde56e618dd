package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.PersistentVolumeClaim;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.api.storage.v1.StorageClass;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.values.Quantities;

/** Claims grow only when they are bound, and their storage class lets them. */
public final class PersistentVolumeClaimResize implements AdmissionPlugin {
    private final CachedObjects<StorageClass> classes;

    public PersistentVolumeClaimResize(ObjectStorages storages) {
        this.classes = new CachedObjects<>(storages, StorageClass.class);
    }

    @Override
    public String name() {
        return "PersistentVolumeClaimResize";
    }

    @Override
    public void validate(AdmissionRequest request, Message object) {
        if (request.operation() != Operation.UPDATE || !request.isAbout("persistentvolumeclaims")) {
            return;
        }
        PersistentVolumeClaim claim = (PersistentVolumeClaim) object;
        PersistentVolumeClaim old = (PersistentVolumeClaim) request.old();
        if (Quantities.compare(size(claim), size(old)) <= 0) {
            return;
        }
        Refusal refusal = new Refusal(request, claim);
        if (!old.getStatus().getPhase().equals("Bound")) {
            throw refusal.because("Only bound persistent volume claims can be expanded");
        }
        String name = ClaimClass.of(claim);
        StorageClass found = name.isEmpty() || !name.equals(ClaimClass.of(old)) ? null : classes.find(name);
        if (found == null || !found.getAllowVolumeExpansion()) {
            throw refusal.because("only dynamically provisioned pvc can be resized and the storageclass that"
                    + " provisions the pvc must support resize");
        }
    }

    private static Quantity size(PersistentVolumeClaim claim) {
        return claim.getSpec().getResources().getRequestsOrDefault("storage", Quantities.zero());
    }
}
