package io.jollyboat.apiserver.admission.quota;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.ResourceQuota;
import io.jollyboat.apiserver.admission.AdmissionPlugin;
import io.jollyboat.apiserver.admission.AdmissionRequest;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.quota.QuotaEvaluator;
import io.jollyboat.quota.QuotaEvaluators;
import io.jollyboat.runtime.Runtime;

/**
 * Refuses what would use more than a namespace's quotas allow, and charges the rest. The last of all plugins: what is
 * charged is given back only when a controller counts anew.
 */
public final class ResourceQuotaAdmission implements AdmissionPlugin {
    private final ObjectStorages storages;
    private final QuotaEvaluators evaluators;
    private final QuotaLanes lanes;

    public ResourceQuotaAdmission(Runtime runtime, ObjectStorages storages) {
        this.storages = storages;
        this.evaluators = new QuotaEvaluators(runtime::now);
        this.lanes = new QuotaLanes(storages);
    }

    @Override
    public String name() {
        return "ResourceQuota";
    }

    @Override
    public void validate(AdmissionRequest request, Message object) {
        if (request.operation() == Operation.DELETE
                || request.namespace().isEmpty()
                || !request.type().namespaced()
                || !anyQuota(request.namespace())) {
            return;
        }
        QuotaEvaluator evaluator = evaluators.of(request.type().qualifiedResource());
        if (evaluator != null && evaluator.concerns(request.subresource(), object, request.old())) {
            lanes.charge(new QuotaCheck(request, object, evaluator));
        }
    }

    private boolean anyQuota(String namespace) {
        return !storages.of(Kinds.of(ResourceQuota.class))
                .cache()
                .snapshot()
                .page(namespace, "", 1, entry -> true)
                .entries()
                .isEmpty();
    }
}
