package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.meta.v1.StatusCause;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorage;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.Set;

/** Nothing is created where there is no namespace or where it ends; the cluster's own namespaces stay. */
public final class NamespaceLifecycle implements AdmissionPlugin {
    private static final ResourceType<Namespace> NAMESPACES = Kinds.of(Namespace.class);
    private static final Set<String> IMMORTAL = Set.of("default", "kube-system", "kube-public");

    private final ObjectStorages storages;

    public NamespaceLifecycle(ObjectStorages storages) {
        this.storages = storages;
    }

    @Override
    public String name() {
        return "NamespaceLifecycle";
    }

    @Override
    public Message mutate(AdmissionRequest request, Message object) {
        // A question whether somebody may do something is as good where the namespace is not there.
        boolean question = request.isAbout("localsubjectaccessreviews.authorization.k8s.io");
        if (request.operation() == Operation.CREATE && request.type().namespaced() && !question) {
            check(request);
        }
        return object;
    }

    private void check(AdmissionRequest request) {
        ObjectStorage storage = storages.of(NAMESPACES);
        Entry namespace = storage.cache().get(request.namespace());
        if (namespace == null) {
            namespace = storage.get(request.namespace());
        }
        if (namespace == null) {
            throw ApiException.notFound(NAMESPACES, request.namespace());
        }
        if (namespace.meta().hasDeletionTimestamp()) {
            throw terminating(request);
        }
    }

    private static ApiException terminating(AdmissionRequest request) {
        ApiException plain = ApiException.forbidden(
                request.type().group(),
                request.type().plural(),
                request.name(),
                "unable to create new content in namespace " + request.namespace() + " because it is being terminated");
        return new ApiException(plain.status().toBuilder()
                .setDetails(plain.status().getDetails().toBuilder()
                        .addCauses(StatusCause.newBuilder()
                                .setReason("NamespaceTerminating")
                                .setMessage("namespace " + request.namespace() + " is being terminated")
                                .setField("metadata.namespace")))
                .build());
    }

    @Override
    public void validate(AdmissionRequest request, Message object) {
        if (request.operation() == Operation.DELETE
                && request.isAbout("namespaces")
                && IMMORTAL.contains(request.name())) {
            throw ApiException.forbidden("", "namespaces", request.name(), "this namespace may not be deleted");
        }
    }
}
