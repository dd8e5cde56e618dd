package io.jollyboat.apiserver.webhook;

import io.jollyboat.apiserver.admission.AdmissionPlugin;
import io.jollyboat.apiserver.admission.EquivalentResources;
import io.jollyboat.apiserver.admission.NamespaceMatch;
import io.jollyboat.apiserver.admission.ObjectDefaulter;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.outbound.HttpCaller;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;

/** The two admission plugins that ask webhooks, put together. */
public final class Webhooks {
    private final AdmissionPlugin mutating;
    private final AdmissionPlugin validating;

    public Webhooks(
            Runtime runtime,
            Metrics metrics,
            ObjectStorages storages,
            HttpCaller http,
            ServiceAddress services,
            NamespaceMatch namespaces,
            EquivalentResources equivalents,
            HookConditions conditions,
            ObjectDefaulter defaulter) {
        HookChoice choice = new HookChoice(namespaces, equivalents, conditions);
        HookCaller caller = new HookCaller(runtime, http, services);
        this.mutating = new MutatingWebhooks(
                HookSource.mutating(storages), choice, caller, defaulter, new HookMetrics(metrics, runtime, "admit"));
        this.validating = new ValidatingWebhooks(
                runtime,
                HookSource.validating(storages),
                choice,
                caller,
                new HookMetrics(metrics, runtime, "validating"));
    }

    /** After all that complete an object and are built in. */
    public AdmissionPlugin mutating() {
        return mutating;
    }

    /** After policies, before quotas. */
    public AdmissionPlugin validating() {
        return validating;
    }
}
