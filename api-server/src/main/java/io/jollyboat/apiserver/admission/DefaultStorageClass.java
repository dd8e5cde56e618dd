package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.PersistentVolumeClaim;
import io.jollyboat.api.storage.v1.StorageClass;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import io.jollyboat.apiserver.cache.ObjectStorages;
import java.util.Set;

/** Gives claims that name no storage class the default one. */
public final class DefaultStorageClass implements AdmissionPlugin {
    private final DefaultClass<StorageClass> standard;

    public DefaultStorageClass(ObjectStorages storages) {
        this.standard = new DefaultClass<>(
                new CachedObjects<>(storages, StorageClass.class),
                StorageClass.class,
                Set.of(
                        "storageclass.kubernetes.io/is-default-class",
                        "storageclass.beta.kubernetes.io/is-default-class"));
    }

    @Override
    public String name() {
        return "DefaultStorageClass";
    }

    @Override
    public Message mutate(AdmissionRequest request, Message object) {
        if (request.operation() != Operation.CREATE || !request.isAbout("persistentvolumeclaims")) {
            return object;
        }
        PersistentVolumeClaim claim = (PersistentVolumeClaim) object;
        if (claim.getMetadata().containsAnnotations(ClaimClass.ANNOTATION)
                || claim.getSpec().hasStorageClassName()) {
            return claim;
        }
        return standard.name()
                .<Message>map(name -> {
                    PersistentVolumeClaim.Builder builder = claim.toBuilder();
                    builder.getSpecBuilder().setStorageClassName(name);
                    return builder.build();
                })
                .orElse(claim);
    }
}
