package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import java.util.Map;

/** What storage is used by is deleted after its user: a finalizer that a controller takes away. */
public final class StorageObjectInUseProtection implements AdmissionPlugin {
    private static final Map<String, String> FINALIZERS = Map.of(
            "persistentvolumes", "kubernetes.io/pv-protection",
            "persistentvolumeclaims", "kubernetes.io/pvc-protection",
            "volumeattributesclasses.storage.k8s.io", "kubernetes.io/vac-protection");

    @Override
    public String name() {
        return "StorageObjectInUseProtection";
    }

    @Override
    public Message mutate(AdmissionRequest request, Message object) {
        if (request.operation() != Operation.CREATE || !request.subresource().isEmpty()) {
            return object;
        }
        String finalizer = FINALIZERS.get(request.type().qualifiedResource());
        if (finalizer == null) {
            return object;
        }
        ObjectMeta meta = request.type().meta(object);
        return meta.getFinalizersList().contains(finalizer)
                ? object
                : request.type()
                        .withMeta(
                                object,
                                meta.toBuilder().addFinalizers(finalizer).build());
    }
}
